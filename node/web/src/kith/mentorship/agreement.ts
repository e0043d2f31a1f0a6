/**
 * The agreement of two people: proposed, accepted, changed, never binding.
 *
 * Terms are in force once one side has accepted what the other proposed. A further proposal, by
 * either side, leaves them in force until it is accepted. Either side may say no to a proposal,
 * one's own included. Proposing and accepting at the same time: what was accepted is in force.
 * Taking a proposal back and accepting it at the same time: it is taken back.
 */

import { UsageError } from "../crypto/errors.ts";
import type { Terms } from "./bodies.ts";
import type { Role, Rules, Settled, Step } from "./steps.ts";

const PROPOSED = 0;
const ACCEPTED = 1;
const REFUSED = 2;

/** What the steps so far lead to. */
export interface AgreementState {
  /** In force. */
  readonly terms: Terms | null;
  /** When these were accepted, by the clock of who did; 0 for never. */
  readonly agreedMinute: number;
  /** When terms were first accepted; 0 for never. */
  readonly firstMinute: number;
  /** Terms that wait for an answer. */
  readonly proposed: Terms | null;
  readonly proposer: Role | null;
}

/** The agreement as one side sees it. */
export interface Agreement {
  readonly terms: Terms | null;
  readonly agreedMinute: number;
  readonly firstMinute: number;
  readonly proposed: Terms | null;
  readonly isProposedByMe: boolean;
  /** Hash of the step that the next one follows, or empty. */
  readonly head: string;
}

const NOTHING: AgreementState = {
  terms: null,
  agreedMinute: 0,
  firstMinute: 0,
  proposed: null,
  proposer: null,
};

/** What the steps of an agreement mean; nothing is final, and a refusal outranks consent. */
export const agreementRules: Rules<AgreementState> = {
  begin(step: Step): AgreementState {
    return this.follow(NOTHING, step);
  },
  follow(state: AgreementState, { role, minute, body }: Step): AgreementState {
    if (body.type === "agreement") return { ...state, proposed: body.terms, proposer: role };
    if (body.type !== "agreement-answer") {
      throw new UsageError("that is no part of an agreement");
    }
    if (state.proposed === null) throw new UsageError("no terms are proposed at the moment");
    const kept = { ...state, proposed: null, proposer: null };
    if (!body.accepted) return kept;
    if (state.proposer === role) {
      throw new UsageError("the other side has to accept these terms, as they are your own");
    }
    const firstMinute = state.firstMinute || minute;
    return { ...kept, terms: state.proposed, agreedMinute: minute, firstMinute };
  },
  weigh({ body }: Step) {
    if (body.type !== "agreement-answer")
      return { finality: 0, isAnswer: false, rank: PROPOSED };
    return { finality: 0, isAnswer: true, rank: body.accepted ? ACCEPTED : REFUSED };
  },
};

/** The agreement as the side with *role* sees it. */
export function viewAgreement(settled: Settled<AgreementState> | null, role: Role): Agreement {
  const { proposer, ...state } = settled?.head.state ?? NOTHING;
  return { ...state, isProposedByMe: proposer === role, head: settled?.head.step.hash ?? "" };
}
