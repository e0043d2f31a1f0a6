import assert from "node:assert/strict";
import { test } from "node:test";
import { type Body, newBody } from "../../../src/kith/conversation/bodies.ts";
import { Conversation } from "../../../src/kith/conversation/machine.ts";
import { splitFile } from "../../../src/kith/conversation/parts.ts";
import { laneOf } from "../../../src/kith/conversation/records.ts";
import { utf8 } from "../../../src/kith/crypto/bytes.ts";
import {
  DecryptionError,
  MalformedError,
  UsageError,
} from "../../../src/kith/crypto/errors.ts";
import { countedRng } from "./counted-rng.ts";
import {
  aPair,
  CONVERSATION,
  DAY_S,
  HOME,
  NOW,
  says,
  stamped,
  takes,
  textsOf,
  Vault,
} from "./talking.ts";

const rng = countedRng(5);
const REKEY = newBody("rekey");
const FREEZE = newBody("freeze");
const CLOSE = newBody("close", { words: "Bye." });

test("begins with knock and answer on both sides", async () => {
  const { mentee, mentor } = await aPair();
  for (const side of [mentee, mentor]) {
    const kinds = side.messages().map((one) => (one.kind === "shown" ? one.body.type : ""));
    assert.deepEqual(kinds, ["knock", "answer"]);
  }
  assert.equal(mentee.answerHash, mentor.answerHash);
  assert.equal(mentee.talk.knock_hash, mentor.talk.knock_hash);
});

test("a message arrives and is acknowledged by the next one back", async () => {
  const { mentee, mentor } = await aPair();
  const sent = await says(mentee, "a question");
  assert.deepEqual(await takes(mentor, sent), ["received"]);
  await takes(mentee, await says(mentor, "an answer"));
  assert.deepEqual(textsOf(mentee), ["a question", "an answer"]);
  assert.deepEqual(textsOf(mentor), ["a question", "an answer"]);
  const mine = mentee.messages().find((one) => one.kind === "shown" && one.hash === sent.hash);
  assert(mine?.kind === "shown" && mine.isOwn && mine.isAcknowledged);
});

test("early messages wait for the one before them", async () => {
  const { mentee, mentor } = await aPair();
  const [first, second, third] = [
    await says(mentee, "a"),
    await says(mentee, "b"),
    await says(mentee, "c"),
  ];
  assert.deepEqual(await takes(mentor, third), ["waiting"]);
  assert.deepEqual(await takes(mentor, second), ["waiting"]);
  assert.deepEqual(textsOf(mentor), []);
  assert.equal(mentor.waiting, 2);
  assert.deepEqual(await takes(mentor, first), ["received", "received", "received"]);
  assert.deepEqual(textsOf(mentor), ["a", "b", "c"]);
});

test("writing twice at once gives two places", async () => {
  const { mentee, mentor } = await aPair();
  const both = await Promise.all([says(mentee, "a"), says(mentee, "b")]);
  assert.deepEqual(
    both.map(({ seq }) => seq),
    [2, 3],
  );
  const told = await Promise.all(both.map((sent) => takes(mentor, sent)));
  assert.deepEqual(told, [["received"], ["received"]]);
});

test("what fails is not in the way of what comes after it", async () => {
  const { mentee } = await aPair();
  const bad = mentee.write(newBody("text", { text: "x" }), NOW, () => {
    throw new Error("no randomness");
  });
  const good = says(mentee, "a");
  await assert.rejects(bad);
  assert.equal((await good).seq, 2);
});

test("the same envelope and the same core count once", async () => {
  const { mentee, mentor } = await aPair();
  const sent = await says(mentee);
  await takes(mentor, sent);
  assert.deepEqual(await takes(mentor, sent), ["duplicate"]);
  assert.deepEqual(await takes(mentor, await mentee.resend(sent.hash, rng)), ["duplicate"]);
});

test("a gap is asked about after a day and filled", async () => {
  const { mentee, mentor } = await aPair();
  await says(mentee, "lost");
  await takes(mentor, await says(mentee, "second"));
  assert.equal(mentor.tick(NOW + DAY_S - 1, true).askAgain, false);
  const later = NOW + DAY_S;
  const due = mentor.tick(later, true);
  assert(due.rekey && due.askAgain);
  const asks = await mentor.write(newBody("rekey", { again: true }), later, rng);
  assert.equal(mentor.tick(later, true).askAgain, false);
  assert.deepEqual(await takes(mentee, asks, later), ["received", "asked-again"]);
  const { resend } = mentee.tick(later, true);
  assert.equal(resend.length, 2);
  const told: string[] = [];
  for (const hash of resend) {
    told.push(...(await takes(mentor, await mentee.resend(hash, rng), later)));
  }
  assert.deepEqual(told, ["received", "received", "duplicate"]);
  assert.deepEqual(textsOf(mentor), ["lost", "second"]);
  assert.deepEqual(mentee.tick(later, true).resend, []);
});

test("a gap is given up after seven days and filled late", async () => {
  const { mentee, mentor } = await aPair();
  const lost = await says(mentee, "lost");
  await takes(mentor, await says(mentee, "second"));
  const later = NOW + 7 * DAY_S;
  assert.deepEqual(
    mentor.tick(later, true).events.map(({ kind }) => kind),
    ["gap", "received"],
  );
  assert.deepEqual(textsOf(mentor), ["1 missing", "second"]);
  assert.deepEqual(await takes(mentor, lost, later), ["received"]);
  assert.deepEqual(textsOf(mentor), ["lost", "second"]);
  const late = mentor.messages().filter((one) => one.kind === "shown" && one.isLate);
  assert.equal(late.length, 1);
});

test("at most 64 messages wait", async () => {
  const { mentee, mentor } = await aPair();
  await says(mentee, "lost");
  for (let count = 0; count < 64; count += 1) {
    const told = await takes(mentor, await says(mentee, `${count}`));
    assert.deepEqual(told, ["waiting"]);
  }
  const told = await takes(mentor, await says(mentee, "one too many"));
  assert.deepEqual(told.slice(0, 3), ["waiting", "gap", "received"]);
  assert.equal(mentor.waiting, 0);
});

test("two messages in one place are a fork and both are shown", async () => {
  const { mentee, mentor } = await aPair();
  const vault = new Vault().keep(mentee);
  const twin = Conversation.load(vault.records, laneOf(utf8("mentee's laptop."), CONVERSATION));
  await takes(mentor, await says(mentee, "mine"));
  assert.deepEqual(await takes(mentor, await says(twin, "mine, too")), ["fork", "received"]);
  assert.deepEqual([...textsOf(mentor)].sort(), ["mine", "mine, too"]);
  const forks = mentor.messages().filter((one) => one.kind === "shown" && one.isFork);
  assert.equal(forks.length, 2);
});

test("a vault older than its lane is noticed and goes on in a new one", async () => {
  const { mentee, mentor } = await aPair();
  await says(mentee, "kept");
  const old = new Vault().keep(mentee);
  await takes(mentor, await says(mentee, "kept").then(() => says(mentee, "forgotten")));
  for (const hash of mentee.tick(NOW, false).resend) {
    await takes(mentor, await mentee.resend(hash, rng));
  }
  const lane = laneOf(utf8("mentee's laptop."), CONVERSATION);
  const restored = Conversation.load(old.records, lane);
  assert.equal(restored.needsNewLane, false);
  // The mentor has to have seen the whole lane before it acknowledges it.
  mentor.tick(NOW + 7 * DAY_S, false);
  const told = await takes(restored, await says(mentor, "seen"));
  assert.deepEqual(told, ["received", "behind"]);
  assert(restored.needsNewLane);
  await assert.rejects(says(restored), UsageError);
  const anew = Conversation.load(
    old.keep(restored).records,
    laneOf(utf8("restored."), CONVERSATION),
  );
  assert.deepEqual(await takes(mentor, await says(anew, "on")), ["received"]);
});

test("a new reply key goes with the first message of a turn", async () => {
  const { mentee, mentor } = await aPair();
  const before = mentee.liveSeeds().length;
  await takes(mentor, await says(mentee, "no turn yet"));
  assert.equal(mentee.liveSeeds().length, before + 1);
  await takes(mentor, await says(mentee, "same turn"));
  assert.equal(mentee.liveSeeds().length, before + 1);
  await takes(mentee, await says(mentor, "theirs"));
  await takes(mentor, await says(mentee, "next turn"));
  assert.equal(mentee.liveSeeds().length, before + 2);
});

test("a superseded seed dies when a newer one was used and the box is empty", async () => {
  const { mentee, mentor } = await aPair();
  await takes(mentor, await says(mentee, "question"));
  await takes(mentee, await says(mentor, "answer"));
  assert.equal(mentee.liveSeeds().length, 2);
  mentee.tick(NOW, false);
  assert.equal(mentee.liveSeeds().length, 2);
  mentee.tick(NOW, true);
  assert.equal(mentee.liveSeeds().length, 1);
  await takes(mentee, await says(mentor, "more"));
});

test("a superseded seed lives on while something is missing", async () => {
  const { mentee, mentor } = await aPair();
  await takes(mentor, await says(mentee, "question"));
  const early = await says(mentor, "first");
  await takes(mentee, await says(mentor, "second"));
  mentee.tick(NOW, true);
  assert.equal(mentee.liveSeeds().length, 2);
  await takes(mentee, early);
  mentee.tick(NOW, true);
  assert.equal(mentee.liveSeeds().length, 1);
});

test("two who lost each other's new keys go on after sixty days", async () => {
  const { mentee, mentor } = await aPair();
  await says(mentee, "lost one way");
  await says(mentor, "lost the other way");
  const later = NOW + 60 * DAY_S;
  mentee.tick(later, true);
  mentor.tick(later, true);
  assert.deepEqual(await takes(mentor, await says(mentee, "still there?", later), later), [
    "waiting",
  ]);
  assert.deepEqual(await takes(mentee, await says(mentor, "yes", later), later), ["waiting"]);
});

test("a key that took messages is renewed after seven days and others never", async () => {
  const { mentee, mentor } = await aPair();
  assert.equal(mentee.tick(NOW + 90 * DAY_S, true).rekey, true); // the answer was heard
  await takes(mentor, await mentee.write(REKEY, NOW, rng));
  assert.equal(mentee.tick(NOW + 90 * DAY_S, true).rekey, false);
  await takes(mentee, await says(mentor, "heard"));
  assert.equal(mentee.tick(NOW + 7 * DAY_S - 1, true).rekey, false);
  assert.equal(mentee.tick(NOW + 7 * DAY_S, true).rekey, true);
});

test("what cannot be opened is asked for and sent again", async () => {
  const { mentee, mentor } = await aPair();
  const vault = new Vault().keep(mentee);
  await takes(mentor, await says(mentee, "with a new key"));
  const sent = await says(mentor, "for the new key");
  const older = Conversation.load(vault.records, laneOf(utf8("restored."), CONVERSATION));
  await assert.rejects(takes(older, sent), DecryptionError);
  older.noteUnreadable(NOW);
  assert.equal(older.unreadableAt, NOW);
  const due = older.tick(NOW, true);
  assert(due.askAgain);
  const asks = await older.write(newBody("rekey", { again: true }), NOW, rng);
  assert.deepEqual(await takes(mentor, asks), ["received", "asked-again"]);
  const { resend } = mentor.tick(NOW, true);
  for (const hash of resend) await takes(older, await mentor.resend(hash, rng));
  assert.deepEqual(textsOf(older), ["for the new key"]);
});

test("nothing after a freeze is shown whatever came before it", async () => {
  const { mentee, mentor } = await aPair();
  const before = await says(mentee, "before");
  const freeze = await mentee.write(FREEZE, NOW, rng);
  assert.equal(mentee.state, "paused-by-me");
  await assert.rejects(says(mentee), UsageError);
  assert.deepEqual(await takes(mentor, freeze), ["waiting", "frozen"]);
  assert.equal(mentor.state, "paused-by-peer");
  assert.deepEqual(await takes(mentor, before), ["after-freeze"]);
  await assert.rejects(says(mentor), UsageError);
  assert.deepEqual(textsOf(mentor), []);
  assert.equal(mentor.tick(NOW + 45 * DAY_S, true).isOver, true);
  assert.equal(mentor.liveSeeds().length, 0);
});

test("closing is told and answered by closing", async () => {
  const { mentee, mentor } = await aPair();
  const close = await mentee.write(CLOSE, NOW, rng);
  assert.equal(mentee.state, "closed-by-me");
  assert.deepEqual(await takes(mentor, close), ["received", "closed"]);
  assert.equal(mentor.state, "closed-by-peer");
  await assert.rejects(says(mentor), UsageError);
  await takes(mentee, await mentor.write(CLOSE, NOW, rng));
  assert.equal(mentee.state, "closed");
  assert.equal(mentor.state, "closed");
  assert.equal(mentee.tick(NOW + 7 * DAY_S - 1, true).isOver, false);
  assert.equal(mentee.tick(NOW + 7 * DAY_S, true).isOver, true);
  assert.equal(mentee.liveSeeds().length, 0);
});

test("a received message can be proven for thirty days", async () => {
  const { mentee, mentor } = await aPair();
  const sent = await says(mentee, "not nice");
  await takes(mentor, sent);
  const evidence = mentor.evidence(sent.hash);
  assert(evidence);
  assert.equal(evidence.node, HOME);
  assert.equal(mentee.evidence(sent.hash), null);
  mentor.tick(NOW + 30 * DAY_S, true);
  assert(mentor.evidence(sent.hash));
  mentor.tick(NOW + 31 * DAY_S, true);
  assert.equal(mentor.evidence(sent.hash), null);
});

test("two devices write in lanes of their own, and both see everything", async () => {
  const { mentee, mentor } = await aPair();
  const shared = new Vault().keep(mentee);
  const phone = Conversation.load(shared.records, laneOf(utf8("a phone"), CONVERSATION));
  await takes(mentor, await says(phone, "by phone"));
  await takes(mentor, await says(mentee, "by laptop"));
  shared.keep(phone).keep(mentee);
  const laptop = Conversation.load(
    shared.records,
    laneOf(utf8("mentee's laptop."), CONVERSATION),
  );
  await takes(laptop, await says(mentor, "to both"));
  shared.keep(laptop);
  const again = Conversation.load(shared.records, laneOf(utf8("a phone"), CONVERSATION));
  assert.deepEqual([...textsOf(again)].sort(), ["by laptop", "by phone", "to both"]);
  assert.deepEqual(textsOf(again), textsOf(laptop));
  assert.deepEqual([...textsOf(mentor)].sort(), [...textsOf(again)].sort());
});

test("long things travel in parts of the largest size", async () => {
  const { mentee, mentor } = await aPair();
  const name = { name: "plan.txt", media: "text/plain" };
  for (const part of splitFile(new Uint8Array(50_000), name, rng)) {
    const sent = await mentee.write(part, NOW, rng);
    assert.equal(sent.unstamped.sealed.length, 65_536);
    assert.deepEqual(await takes(mentor, sent), ["received"]);
  }
});

test("what does not fit, or is not said later, is not written", async () => {
  const { mentee } = await aPair();
  const wide: Body = newBody("text", { text: "\\".repeat(12_000) });
  assert.equal((await mentee.write(wide, NOW, rng)).unstamped.sealed.length, 32_768);
  const long = { type: "text", text: "x".repeat(12_001) } as const;
  await assert.rejects(mentee.write(long, NOW, rng), MalformedError);
  const answer = newBody("answer", { accepted: true });
  await assert.rejects(mentee.write(answer, NOW, rng), UsageError);
  const unknown: Body = { type: "unknown", name: "game", raw: {} };
  await assert.rejects(mentee.write(unknown, NOW, rng), UsageError);
});

test("a step of the mentorship that is not possible is not written", async () => {
  const { mentee, mentor } = await aPair();
  const answer = newBody("agreement-answer", { accepted: true, after: "A".repeat(43) });
  await assert.rejects(mentee.write(answer, NOW, rng), UsageError);
  const proposal = newBody("agreement", { terms: {} as never });
  await takes(mentor, await mentee.write(proposal, NOW, rng));
  assert.equal(mentor.messages().length, 3);
});

test("only own messages are sent again, and a knock never", async () => {
  const { mentee, mentor } = await aPair();
  const again = await mentor.resend(mentor.answerHash, rng);
  assert(again.isSlow);
  assert.equal(again.unstamped.sealed.length, 8192);
  assert.deepEqual(await takes(mentee, again), ["duplicate"]);
  const sent = await says(mentee);
  await takes(mentor, sent);
  await assert.rejects(mentor.resend(sent.hash, rng), UsageError);
  await assert.rejects(mentee.resend("A".repeat(43), rng), UsageError);
  await assert.rejects(mentee.resend(mentee.talk.knock_hash, rng), UsageError);
});

test("refuses what came to another box", async () => {
  const { mentee, mentor } = await aPair();
  const sent = await says(mentee);
  await assert.rejects(mentee.receive(stamped(sent.unstamped), HOME, NOW), DecryptionError);
  const changed = { ...sent.unstamped, sealed: sent.unstamped.sealed.slice() };
  changed.sealed[2000] = (changed.sealed[2000] ?? 0) ^ 1;
  await assert.rejects(mentor.receive(stamped(changed), HOME, NOW), DecryptionError);
  assert.deepEqual(textsOf(mentor), []);
});
