/**
 * The pseudo-locale: English that looks foreign, a third longer. What stays plain on the screen is
 * a hard-coded text; what is cut off has too little room. Pure.
 */

const PLAIN = "aceinosuyACEINOSUY";
const ACCENTED = "áçéíñóšúýÁÇÉÍÑÓŠÚÝ";

/** Returns a text fragment, accented and lengthened; white space at its ends stays. */
export function toPseudo(text: string): string {
  if (!/\p{L}/u.test(text)) return text;
  const accented = Array.from(text, (c) => {
    const at = PLAIN.indexOf(c);
    return at < 0 ? c : (ACCENTED[at] ?? c);
  }).join("");
  const more = "·".repeat(Math.ceil(text.trim().length / 3));
  return accented.replace(/\s*$/, (end) => `${more}${end}`);
}
