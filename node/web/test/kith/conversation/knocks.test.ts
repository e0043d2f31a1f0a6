import assert from "node:assert/strict";
import { test } from "node:test";
import { newBody } from "../../../src/kith/conversation/bodies.ts";
import {
  evidenceOfKnock,
  isEarlyWithdrawal,
  ReplayedError,
  resendAnswer,
  withoutOldProof,
  wordsOf,
  writeAnswer,
} from "../../../src/kith/conversation/incoming.ts";
import { mayKnock, stepIncoming } from "../../../src/kith/conversation/knock-machine.ts";
import {
  expireIncoming,
  expireOutgoing,
  findSuperseded,
  isSeedDead,
  knockMoved,
  mergeIncoming,
  mergeOutgoing,
} from "../../../src/kith/conversation/knock-states.ts";
import {
  boxOf,
  draftKnock,
  knockWords,
  readAnswer,
  resendKnock,
  writeKnock,
  writeWithdrawal,
} from "../../../src/kith/conversation/outgoing.ts";
import { encodeRecord, parseRecord } from "../../../src/kith/conversation/record-codec.ts";
import { laneOf, type OutgoingKnock } from "../../../src/kith/conversation/records.ts";
import { base64url, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import {
  DecryptionError,
  MalformedError,
  SignatureError,
  TooLargeError,
  UsageError,
} from "../../../src/kith/crypto/errors.ts";
import { sha256 } from "../../../src/kith/crypto/hashes.ts";
import { countedRng } from "./counted-rng.ts";
import {
  AWAY,
  aBundle,
  aDraft,
  answered,
  answerTakenIn,
  arrival,
  aSentKnock,
  CONVERSATION,
  DAY_S,
  NODE,
  NOW,
  OFFER,
  says,
  stamped,
  takenIn,
  takes,
  textsOf,
  whoOf,
} from "./talking.ts";

const OTHER = base64url(sha256(utf8("another conversation")).slice(0, 16));

async function withdrawal(knock: OutgoingKnock, now = NOW) {
  return writeWithdrawal(
    knock,
    { bundle: await aBundle(), words: "Sorry." },
    now,
    countedRng(8),
  );
}

test("a knock says what was written and no more than needed", async () => {
  const written = await aSentKnock();
  const knock = await takenIn(written);
  const words = wordsOf(knock);
  assert.equal(words.words, "May I ask you about welding?");
  assert.equal(words.box, base64url(boxOf(written.knock)));
  assert.equal(words.card, null);
  assert.equal(knock.state, "delivered");
  assert.equal(written.knock.state, "queued");
  assert.deepEqual(parseRecord("knocked", encodeRecord(knock)), knock);
  assert.deepEqual(parseRecord("knock", encodeRecord(written.knock)), written.knock);
});

test("all first messages have one size", async () => {
  const written = await aSentKnock();
  const knock = await takenIn(written);
  const sizes = [
    written,
    await withdrawal(written.knock),
    await answered(knock),
    await answered(knock, { accepted: false }),
  ].map(({ unstamped }) => unstamped.sealed.length);
  assert.deepEqual(sizes, [8192, 8192, 8192, 8192]);
});

test("words that do not fit together, or break a rule, are refused", async () => {
  const draft = aDraft();
  const how = { bundle: await aBundle(), who: whoOf(draft) };
  const long = knockWords({
    words: "🧵".repeat(800),
    hopes: "🧵".repeat(200),
    tried: "🧵".repeat(200),
    rhythm: "🧵".repeat(200),
    times: "🧵".repeat(200),
  });
  const rng = countedRng(1);
  await assert.rejects(writeKnock({ ...draft, words: long }, how, NOW, rng), TooLargeError);
  const broken = knockWords({ words: "" });
  await assert.rejects(writeKnock({ ...draft, words: broken }, how, NOW, rng), MalformedError);
});

test("an acceptance begins a conversation", async () => {
  const written = await aSentKnock();
  const answer = await answered(await takenIn(written));
  const read = await answerTakenIn(written, answer);
  assert.equal(read.knock.state, "accepted");
  assert.equal(answer.knock.state, "accepted");
  assert.equal(read.answer.words, "Gladly.");
  assert(read.conversation && answer.conversation && answer.boxKey);
  assert.deepEqual(answer.boxKey.verifyKey, answer.conversation.boxKey.verifyKey);
  await takes(answer.conversation, await says(read.conversation, "thank you"));
  assert.deepEqual(textsOf(answer.conversation), ["thank you"]);
});

test("a decline begins nothing", async () => {
  const written = await aSentKnock();
  const answer = await answered(await takenIn(written), { accepted: false });
  assert.equal(answer.conversation, null);
  assert.equal(answer.boxKey, null);
  const read = await answerTakenIn(written, answer);
  assert.equal(read.knock.state, "declined");
  assert.equal(read.conversation, null);
  assert.equal(read.answer.box, "");
});

test("a knock is read once", async () => {
  const written = await aSentKnock();
  const knock = await takenIn(written);
  await assert.rejects(takenIn(written, { knocks: [knock] }), ReplayedError);
  const failed = knockMoved(written.knock, "failed", NOW).knock;
  const again = await resendKnock(failed, await aBundle(), NOW, countedRng(9));
  assert.equal(again.knock.attempt, 2);
  assert.deepEqual(again.knock.core, written.knock.core);
  await assert.rejects(takenIn(again, { knocks: [knock] }), ReplayedError);
});

test("only a failed knock is sent again", async () => {
  const written = await aSentKnock();
  const bundle = await aBundle();
  await assert.rejects(resendKnock(written.knock, bundle, NOW, countedRng(1)), UsageError);
  await assert.rejects(resendKnock(aDraft(), bundle, NOW, countedRng(1)), UsageError);
  await assert.rejects(aSentKnock(written.knock), UsageError);
});

test("who must be of this knock, of this node, and of late", async () => {
  const bundle = await aBundle();
  const draft = aDraft();
  const other = SigningKey.fromSeed(sha256(utf8("other")));
  const cases = [
    whoOf(aDraft(CONVERSATION, 2)),
    whoOf(draft, NOW, other),
    whoOf(draft, NOW - 9 * DAY_S),
    whoOf(draft, NOW + DAY_S),
  ];
  for (const who of cases) {
    const written = await writeKnock(draft, { bundle, who }, NOW, countedRng(2));
    await assert.rejects(takenIn(written), SignatureError);
  }
  const who = whoOf(draft, NOW - 8 * DAY_S);
  await takenIn(await writeKnock(draft, { bundle, who }, NOW, countedRng(2)));
});

test("an answer can be sent again", async () => {
  const written = await aSentKnock();
  const answer = await answered(await takenIn(written));
  const unstamped = await resendAnswer(answer.knock, OFFER, countedRng(4));
  const read = await answerTakenIn(written, { ...answer, unstamped });
  assert.equal(read.conversation?.answerHash, answer.conversation?.answerHash);
  await assert.rejects(resendAnswer(await takenIn(written), OFFER, countedRng(4)), UsageError);
});

test("only the owner of the offer answers", async () => {
  const knock = await takenIn(await aSentKnock());
  const answer = newBody("answer", { accepted: true });
  await assert.rejects(writeAnswer(knock, answer, NODE, NOW, countedRng(3)), UsageError);
});

test("an answer to another knock does not open", async () => {
  const written = await aSentKnock();
  const answer = await answered(await takenIn(written));
  const other = { ...written.knock, conversation: OTHER };
  const seeds = written.seed === null ? [] : [written.seed];
  const came = stamped(answer.unstamped);
  await assert.rejects(readAnswer(other, came, seeds, AWAY, NOW), DecryptionError);
  await assert.rejects(readAnswer(written.knock, came, [], AWAY, NOW), DecryptionError);
  await assert.rejects(readAnswer(aDraft(), came, seeds, AWAY, NOW), UsageError);
});

test("a withdrawn knock can no longer be accepted", async () => {
  const written = await aSentKnock();
  const knock = await takenIn(written);
  const back = await withdrawal(written.knock);
  const gone = await takenIn(back, { knocks: [knock] });
  assert.equal(back.knock.state, "withdrawn");
  assert.equal(gone.state, "withdrawn");
  await assert.rejects(answered(gone), UsageError);
  await assert.rejects(takenIn(back, { knocks: [gone] }), ReplayedError);
});

test("nobody else takes a knock back", async () => {
  const knock = await takenIn(await aSentKnock());
  const stranger = await aSentKnock(aDraft(CONVERSATION, 66));
  const back = await withdrawal(stranger.knock);
  await assert.rejects(takenIn(back, { knocks: [knock] }), ReplayedError);
});

test("a withdrawal that overtakes its knock waits for two days", async () => {
  const written = await aSentKnock();
  const back = await withdrawal(written.knock);
  await assert.rejects(takenIn(back), ReplayedError);
  const came = stamped(back.unstamped);
  const today = Math.floor(NOW / DAY_S);
  assert(await isEarlyWithdrawal(came, arrival(), today + 2));
  assert(!(await isEarlyWithdrawal(came, arrival(), today + 3)));
  const knock = await takenIn(written);
  assert(!(await isEarlyWithdrawal(came, arrival([knock]), today)));
  assert(!(await isEarlyWithdrawal(stamped(written.unstamped), arrival(), today)));
});

test("an acceptance that crosses a withdrawal counts on both sides", async () => {
  const written = await aSentKnock();
  const answer = await answered(await takenIn(written));
  const back = await withdrawal(written.knock);
  const read = await answerTakenIn({ ...written, knock: back.knock }, answer);
  assert.equal(read.knock.state, "accepted");
  assert(read.conversation);
  await assert.rejects(takenIn(back, { knocks: [answer.knock] }), ReplayedError);
  await assert.rejects(withdrawal(read.knock), UsageError);
});

test("a knock without answer expires on both sides by their clocks", async () => {
  const written = await aSentKnock();
  const knock = await takenIn(written);
  assert.equal(expireOutgoing(written.knock, NOW + 7 * DAY_S - 1).state, "queued");
  assert.equal(expireOutgoing(written.knock, NOW + 7 * DAY_S).state, "expired");
  assert.equal(expireIncoming(knock, NOW + 8 * DAY_S - 1).state, "delivered");
  assert.equal(expireIncoming(knock, NOW + 8 * DAY_S).state, "expired");
  await assert.rejects(answered(knock, { now: NOW + 8 * DAY_S }), UsageError);
  assert.equal(expireOutgoing(aDraft(), NOW + 99 * DAY_S).state, "draft");
});

test("two devices of the mentor that answer at once begin one conversation", async () => {
  const written = await aSentKnock();
  const one = await answered(await takenIn(written));
  const device = utf8("mentor's phone");
  const other = await answered(await takenIn(written, { device }), { seed: 33 });
  assert.deepEqual(one.boxKey?.seed, other.boxKey?.seed);
  assert.notEqual(one.knock.lane, other.knock.lane);
  const read = await answerTakenIn(written, one);
  assert(read.conversation && one.conversation && other.conversation);
  const second = { unstamped: other.unstamped, isSlow: true, lane: "", seq: 1, hash: "" };
  assert.deepEqual(await takes(read.conversation, second), ["received"]);
  await takes(one.conversation, await says(read.conversation));
  const hashes = [one, other].map(({ conversation }) => conversation?.answerHash);
  assert(hashes.includes(read.conversation.answerHash));
});

test("copies of several devices are merged by what decides", async () => {
  const { knock } = await aSentKnock();
  const incoming = await takenIn(await aSentKnock());
  const accepted = { ...incoming, state: "accepted" as const, lane: "A".repeat(11) };
  const gone = { ...incoming, state: "withdrawn" as const, changed_at: NOW + 5 };
  assert.equal(mergeIncoming([gone, accepted, incoming]).state, "accepted");
  const failed = { ...knock, state: "failed" as const };
  const again = { ...knock, attempt: 2, lane: "A".repeat(11) };
  assert.equal(mergeOutgoing([failed, again]), again);
  assert.equal(mergeOutgoing([again, failed]), again);
  const expired = { ...knock, state: "expired" as const };
  assert.equal(mergeOutgoing([again, expired]), expired);
  const earlier = { ...expired, changed_at: NOW - 1 };
  assert.equal(mergeOutgoing([expired, earlier]), earlier);
});

test("an acceptance frees those who were asked for the same wish", () => {
  const wish = "B".repeat(22);
  const asked = (changes: Partial<OutgoingKnock>): OutgoingKnock => ({
    ...aDraft(),
    wish,
    state: "delivered",
    sent_at: NOW,
    ...changes,
  });
  const fulfilled = asked({ state: "accepted", changed_at: NOW + 10 });
  const before = asked({ sent_at: NOW + 10 });
  const after = asked({ sent_at: NOW + 11 });
  const without = asked({ wish: "" });
  const ended = asked({ state: "declined" });
  const all = [fulfilled, before, after, without, ended];
  assert.deepEqual(findSuperseded(all), [before]);
});

test("what proves a knock is kept for thirty days, and seeds that led nowhere 45", async () => {
  const written = await aSentKnock();
  const knock = await takenIn(written);
  assert(evidenceOfKnock(knock));
  assert.equal(withoutOldProof(knock, NOW + 30 * DAY_S - 1), knock);
  assert.equal(evidenceOfKnock(withoutOldProof(knock, NOW + 30 * DAY_S)), null);
  const expired = expireOutgoing(written.knock, NOW + 7 * DAY_S);
  assert.equal(isSeedDead(expired, NOW + 52 * DAY_S - 1), false);
  assert.equal(isSeedDead(expired, NOW + 52 * DAY_S), true);
  assert.equal(isSeedDead(written.knock, NOW + 99 * DAY_S), false);
});

test("a bundle of another offer is not used", async () => {
  const draft = draftKnock(
    knockWords({ words: "Hello" }),
    { offer: OTHER, node: AWAY, conversation: OTHER, lane: laneOf(utf8("a device"), OTHER) },
    NOW,
    countedRng(1),
  );
  await assert.rejects(aSentKnock(draft), UsageError);
});

test("no changed envelope is read", async () => {
  const { unstamped } = await aSentKnock();
  for (const place of [0, 1119, 1120, 5000, 8191]) {
    const sealed = unstamped.sealed.slice();
    sealed[place] = (sealed[place] ?? 0) ^ 0x40;
    const knock = aDraft();
    const changed = { knock, seed: null, unstamped: { ...unstamped, sealed } };
    await assert.rejects(takenIn(changed), DecryptionError);
  }
});

test("at most three knocks are open, and what is not in the table changes nothing", () => {
  assert(mayKnock(["queued", "delivered", "draft", "expired"]));
  assert(!mayKnock(["queued", "delivered", "queued"]));
  const step = stepIncoming("accepted", "withdraw");
  assert.deepEqual(step, {
    state: "accepted",
    reason: "a knock that is accepted takes no withdraw",
  });
});
