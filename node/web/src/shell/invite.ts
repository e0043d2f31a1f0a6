/** Invite links, as far as the shell looks into them. What the code says is the library's. */

/** After `#i=`: code (16 bytes), role and last day as unpadded base64url. Source: SPEC §24.7. */
const CODE = /^[A-Za-z0-9_-]{28}$/;

/** Returns the code of an invite link, of its fragment, or of a bare code; null if there is none. */
export function inviteCodeOf(text: string): string | null {
  const trimmed = text.trim();
  const at = trimmed.indexOf("#i=");
  const code = at < 0 ? trimmed : trimmed.slice(at + 3);
  return CODE.test(code) ? code : null;
}
