/** How long private texts may be. What they may hold is said in `text.ts`. */

export const MAX_TEXT_CHARACTERS = 12_000; // four bytes each and escapes still fit an envelope
export const MAX_KNOCK_CHARACTERS = 800; // sealing refuses a knock whose texts do not fit
export const MAX_HINT_CHARACTERS = 200;
