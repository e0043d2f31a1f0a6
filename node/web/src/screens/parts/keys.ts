/**
 * Keeps Enter in a one-line field from sending a long form: what goes out goes out by its button.
 * For a form's `onKeyDown`.
 */
export function keepEnter(event: KeyboardEvent): void {
  if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
  if (event.target.type !== "submit") event.preventDefault();
}
