/** Words and marks of a knock's state, and of its rhythm. */

import type { KnockRhythm, KnockState, PromptKind } from "../knocks-model.ts";
import type { GlyphName } from "../parts/glyph.tsx";

export const STATE_LOOKS = {
  draft: { glyph: "ring", text: "knock-draft" },
  queued: { glyph: "clock", text: "knock-queued" },
  delivered: { glyph: "send", text: "knock-delivered" },
  failed: { glyph: "no", text: "knock-failed" },
  accepted: { glyph: "yes", text: "knock-accepted" },
  declined: { glyph: "ring", text: "knock-declined" },
  expired: { glyph: "ring", text: "knock-expired" },
  withdrawn: { glyph: "ring", text: "knock-withdrawn" },
} as const satisfies Record<KnockState, { readonly glyph: GlyphName; readonly text: string }>;

export const RHYTHM_WORDS = {
  once: "rhythm-once",
  fortnightly: "rhythm-fortnightly",
  weekly: "rhythm-weekly",
  see: "rhythm-see",
} as const satisfies Record<KnockRhythm, string>;

export const PROMPT_WORDS = {
  elsewhere: "prompt-elsewhere",
  meeting: "prompt-meeting",
  photo: "prompt-photo",
  money: "prompt-money",
} as const satisfies Record<PromptKind, string>;
