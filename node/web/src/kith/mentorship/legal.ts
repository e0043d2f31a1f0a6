/**
 * What may be written in a mentorship now: what is not legal is never sent.
 *
 * A step has to take effect: it follows the head of its thing, by the same rules by which the
 * other side will read it. Everything else has a rule of its own here.
 */

import { UsageError } from "../crypto/errors.ts";
import { agreementRules } from "./agreement.ts";
import { commitmentsOf, isOpenedBy, viewRound } from "./blind.ts";
import type { MentorshipBody, MentorshipType, Reveal } from "./bodies.ts";
import { goalRules, noteRules } from "./goals.ts";
import { sessionRules } from "./sessions.ts";
import {
  type Message,
  OF_AGREEMENT,
  OF_SESSION,
  ofTypes,
  readMentorship,
  type Side,
  stepsOf,
  thingOf,
} from "./state.ts";
import { followed, MENTEE, type Role, type Rules, type Step, settle } from "./steps.ts";

const AFTER_CLOSING: readonly MentorshipType[] = ["closing", "reveal", "thanks", "passed-on"];

/**
 * Returns if *body* may be written now.
 *
 * @param messages - all of the conversation so far.
 * @param side - the writer's.
 * @param minute - by the writer's clock.
 * @throws UsageError - it would change nothing, or not what its writer means; the text says why.
 */
export function checkWritable(
  body: MentorshipBody,
  messages: Iterable<Message>,
  side: Side,
  minute: number,
): void {
  const all = [...messages];
  const isClosed = readMentorship(all, side).stage === "closed";
  if (isClosed && !AFTER_CLOSING.includes(body.type)) {
    throw new UsageError("the mentorship is closed; to begin anew, knock once more");
  }
  const steps = stepsOf(all, side.role);
  // Its own hash is not known before it is sealed, and decides nothing here.
  const step: Step = { hash: "", role: side.role, minute, body };
  switch (body.type) {
    case "agreement":
    case "agreement-answer":
      checkStep(step, ofTypes(steps, OF_AGREEMENT), agreementRules);
      break;
    case "session":
    case "session-pick":
    case "session-end":
      checkStep(step, ofTypes(steps, OF_SESSION), sessionRules);
      break;
    case "goal":
      checkStep(step, ofTypes(steps, ["goal"]), goalRules);
      break;
    case "note":
      checkStep(step, ofTypes(steps, ["note"]), noteRules);
      break;
    case "reveal":
      checkReveal(body, steps, side);
      break;
    default:
      checkOnce(body, steps, side.role);
      break;
  }
}

function checkStep<S>(step: Step, ofKind: readonly Step[], rules: Rules<S>): void {
  const thing = thingOf(step.body);
  const settled = settle(
    ofKind.filter((one) => thingOf(one.body) === thing),
    rules,
  );
  if (settled === null) {
    if (followed(step.body)) {
      throw new UsageError("there is nothing yet that this could follow");
    }
    rules.begin(step);
    return;
  }
  if (followed(step.body) !== settled.head.step.hash) {
    throw new UsageError("it has changed meanwhile; look at it again first");
  }
  rules.follow(settled.head.state, step);
}

function checkReveal(body: Reveal, steps: readonly Step[], side: Side): void {
  if (!viewRound(body.number, steps, side).isToReveal) {
    throw new UsageError("answers are shown once, and only when both sides have given theirs");
  }
  const mine = commitmentsOf(steps, body.number, side.role);
  if (!mine.some((one) => isOpenedBy(one, body, side))) {
    throw new UsageError("that is not the answer you have given");
  }
}

function checkOnce(body: MentorshipBody, steps: readonly Step[], role: Role): void {
  const own = steps.filter((one) => one.role === role).map((one) => one.body);
  if (body.type === "closing" && own.some((one) => one.type === "closing")) {
    throw new UsageError("you have closed this mentorship already");
  }
  if (body.type === "thanks" && role !== MENTEE) {
    throw new UsageError("a thanks goes from a mentee to a mentor");
  }
  if (body.type === "check-in" && commitmentsOf(steps, body.number, role).length > 0) {
    throw new UsageError("you have answered this check-in already");
  }
  const hasTold = own.some((one) => one.type === "passed-on");
  if (body.type === "passed-on" && hasTold && own.some((one) => isSame(one, body))) {
    throw new UsageError("you have told them already");
  }
}

function isSame(one: MentorshipBody, body: MentorshipBody): boolean {
  return one.type === "passed-on" && body.type === "passed-on" && one.words === body.words;
}
