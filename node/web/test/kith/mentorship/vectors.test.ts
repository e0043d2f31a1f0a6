import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { base64url, parseBase64url } from "../../../src/kith/crypto/bytes.ts";
import { MalformedError } from "../../../src/kith/crypto/errors.ts";
import type { JsonObject } from "../../../src/kith/crypto/json.ts";
import { type BlindRound, commitAnswers } from "../../../src/kith/mentorship/blind.ts";
import {
  type Feeling,
  mentorshipJson,
  parseMentorshipBody,
  type Slot,
} from "../../../src/kith/mentorship/bodies.ts";
import {
  type Mentorship,
  type Message,
  readMentorship,
} from "../../../src/kith/mentorship/state.ts";
import { otherRole, type Role } from "../../../src/kith/mentorship/steps.ts";
import { protocolVectors } from "../../support/vectors.ts";

interface Said {
  readonly role: Role;
  readonly minute: number;
  readonly hash: string;
  readonly body: JsonObject & { readonly type: string };
}
interface File {
  readonly conversation: string;
  readonly cases: readonly {
    readonly name: string;
    readonly messages: readonly Said[];
    readonly state: JsonObject;
  }[];
  readonly commitments: readonly {
    readonly role: Role;
    readonly number: number;
    readonly feeling: Feeling;
    readonly words: readonly string[];
    readonly opening: string;
    readonly commitment: string;
  }[];
}

const file = protocolVectors<File>("mentorship.json");
const conversation = parseBase64url(file.conversation);
const ROLES: readonly Role[] = [1, 2];

function readAs(role: Role, said: readonly Said[]): Mentorship {
  const messages: Message[] = said.map(({ role: writer, minute, hash, body }) => {
    let read: { readonly type: string } = body;
    try {
      // Which signs a text may hold is the part of whoever reads bodies of all kinds.
      if (/[\u202a-\u202e]/.test(JSON.stringify(body))) throw new MalformedError("misleading");
      read = parseMentorshipBody(body);
    } catch (error) {
      assert.ok(error instanceof MalformedError);
      read = { type: ["close", "freeze"].includes(body.type) ? body.type : "unknown" };
    }
    return { hash, isOwn: writer === role, minute, body: read };
  });
  return readMentorship(messages, { conversation, role });
}

/** What one side sees, so that it is the same from both, and as the vectors name it. */
function neutral(seen: Mentorship, role: Role): object {
  const other = otherRole(role);
  const by = (isMine: boolean) => (isMine ? role : other);
  const { agreement, closing } = seen;
  return {
    stage: seen.stage,
    agreement: {
      terms: agreement.terms,
      agreed_minute: agreement.agreedMinute,
      first_minute: agreement.firstMinute,
      proposed: agreement.proposed,
      head: agreement.head,
      proposer: agreement.proposed === null ? 0 : by(agreement.isProposedByMe),
    },
    sessions: seen.sessions.map((one) => ({
      thing: one.thing,
      state: one.state,
      picked: one.picked,
      picker_offset: one.pickerOffset,
      proposed: one.proposed,
      words: one.words,
      moves: one.moves,
      head: one.head,
      picker: one.picked === null ? 0 : by(one.isPickedByMe),
      proposer: one.proposed.length > 0 ? by(one.isProposedByMe) : 0,
    })),
    goals: seen.goals.map(({ isMine, ...one }) => ({ ...one, begun_by: by(isMine) })),
    notes: seen.notes.map(({ isMine, ...one }) => ({ ...one, begun_by: by(isMine) })),
    check_ins: seen.checkIns.map((one) => neutralRound(one, role)),
    closing:
      closing === null
        ? null
        : {
            minute: closing.minute,
            kept_until: closing.keptUntil,
            looking_back: neutralRound(closing.lookingBack, role),
            said: Object.fromEntries(
              ROLES.map((one) => [one, one === role ? closing.mine : closing.theirs]).filter(
                ([, said]) => said !== null,
              ),
            ),
          },
    thanks: seen.thanks.map(({ mayShow, ...one }) => ({ ...one, may_show: mayShow })),
    passed_on: seen.passedOn,
  };
}

function neutralRound(one: BlindRound, role: Role): object {
  const sides = [one.isMineIn ? role : 0, one.isTheirsIn ? otherRole(role) : 0];
  return { number: one.number, in: sides.filter(Boolean).sort() };
}

function shownOf({ closing, checkIns }: Mentorship): object[] {
  const rounds = closing === null ? checkIns : [closing.lookingBack, ...checkIns];
  return rounds.map((one) => ({
    number: one.number,
    answers: one.theirs,
    is_false: one.isTheirsFalse,
  }));
}

/** *value* without members that say nothing, which both languages leave out differently. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const empty = (one: unknown) =>
    one === null ||
    one === "" ||
    one === 0 ||
    one === false ||
    (Array.isArray(one) && one.length === 0);
  const defaults: Record<string, unknown> = { cadence: "as-needed", state: "open" };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => !empty(one) && defaults[name] !== one)
      .map(([name, one]) => [name, plain(one)]),
  );
}

describe("a mentorship", () => {
  for (const one of file.cases) {
    it(`comes to the same in every client: ${one.name}`, () => {
      const { shown_to, ...state } = one.state;
      for (const role of ROLES) {
        const seen = readAs(role, one.messages);
        assert.deepEqual(plain(neutral(seen, role)), plain(state));
        assert.deepEqual(
          plain(shownOf(seen)),
          plain((shown_to as Record<string, unknown>)[String(role)]),
        );
      }
    });
  }

  it("does not depend on the order of its messages, nor on what comes twice", () => {
    const cases = file.cases.filter((one) => one.messages.length > 1);
    fc.assert(
      fc.property(fc.nat(cases.length - 1), fc.infiniteStream(fc.nat(1000)), (at, order) => {
        const messages = cases[at]?.messages ?? [];
        const keyed = [...messages, ...messages.slice(0, 2)].map((one) => ({
          one,
          key: order.next().value ?? 0,
        }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
        for (const role of ROLES) {
          assert.deepEqual(readAs(role, shuffled), readAs(role, messages));
        }
      }),
    );
  });

  it("writes bodies as they were read", () => {
    const bodies = file.cases.flatMap((one) => one.messages.map(({ body }) => body));
    let count = 0;
    for (const body of bodies) {
      try {
        const read = parseMentorshipBody(body);
        assert.deepEqual(parseMentorshipBody(mentorshipJson(read)), read);
        const { after, ...rest } = mentorshipJson(read);
        const { after: afterToo, ...restToo } = body;
        if (after === undefined && afterToo === "") continue;
        assert.deepEqual([rest, after], [restToo, afterToo]);
        count += 1;
      } catch (error) {
        assert.ok(error instanceof MalformedError);
      }
    }
    assert.ok(count > 30);
  });

  it("refuses what no body may hold", () => {
    const slot = (start: number): Slot => ({ start, minutes: 60, offset: null });
    const thing = "A".repeat(22);
    for (const body of [
      { type: "text", text: "" },
      { type: "session", thing, slots: [] },
      { type: "session", thing, slots: [1, 2, 3, 4, 5, 6].map(slot) },
      { type: "goal", thing, text: "" },
      { type: "goal", thing: "short", text: "a" },
      { type: "check-in", number: 0, commitment: "A".repeat(43) },
      { type: "constructor" },
      {},
    ]) {
      assert.throws(() => parseMentorshipBody(body as unknown as JsonObject), MalformedError);
    }
  });
});

describe("blind answers", () => {
  it("are committed to as by every client", () => {
    for (const { role, opening, commitment, ...answers } of file.commitments) {
      const made = commitAnswers(answers, parseBase64url(opening), { conversation, role });
      assert.equal(base64url(made), commitment);
    }
  });
});
