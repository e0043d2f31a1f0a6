import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, parseHex } from "../../../src/kith/crypto/bytes.ts";
import { parseVerifyKey, SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import { DecryptionError, SignatureError } from "../../../src/kith/crypto/errors.ts";
import { signBinding, verifyBinding } from "../../../src/kith/messages/binding.ts";
import { commit } from "../../../src/kith/messages/commitment.ts";
import type { Opened } from "../../../src/kith/messages/content.ts";
import { coreHash, encodeCore, parseCore } from "../../../src/kith/messages/core.ts";
import { encodeEnvelope, parseEnvelope } from "../../../src/kith/messages/envelope.ts";
import {
  openAnswer,
  openKnock,
  openMessage,
  sealAnswer,
  sealKnock,
  sealMessage,
} from "../../../src/kith/messages/message.ts";
import { keyId, offerId } from "../../../src/kith/messages/objects.ts";
import { verifyWho } from "../../../src/kith/messages/recognition.ts";
import {
  encodePostmark,
  parsePostmark,
  postmarkOf,
  type Stamped,
  verifyStamp,
} from "../../../src/kith/messages/stamp.ts";
import { seededRng } from "../../support/rng.ts";
import { cryptoVectors } from "../../support/vectors.ts";

type Way = "knock" | "answer" | "message";

interface Described {
  readonly recipient_seed: string;
  readonly recipient_key: string;
  readonly kid: string;
  readonly box: string;
  readonly core: string;
  readonly core_hash: string;
  readonly frank_key: string;
  readonly commitment: string;
  readonly signature: string;
  readonly envelope: string;
}

interface Vectors extends Readonly<Record<Way, Described>> {
  readonly keys: Readonly<Record<string, { readonly seed: string; readonly public: string }>>;
  readonly offer_id: string;
  readonly conversation: string;
  readonly day: number;
  readonly binding: string;
  readonly who: { readonly who: string; readonly signature: string };
  readonly sender_seal: { readonly postmark: string };
  readonly refused: Readonly<Record<Way, Readonly<Record<string, string>>>>;
}

const vectors = cryptoVectors<Vectors>("kith_messages.json");
const WAYS = ["knock", "answer", "message"] as const;
const conversation = parseHex(vectors.conversation);
const offer = parseHex(vectors.offer_id);

function keyOf(name: string): SigningKey {
  return SigningKey.fromSeed(parseHex(vectors.keys[name]?.seed ?? ""));
}

function stamped(envelope: string): Stamped {
  return { envelope: parseEnvelope(parseHex(envelope)) };
}

function open(way: Way, came: Stamped, seeds: readonly Uint8Array[]): Promise<Opened> {
  if (way === "knock") return openKnock(came, seeds, { offerId: offer });
  if (way === "message") {
    return openMessage(came, seeds, {
      writer: keyOf("mentee").verifyKey,
      conversation,
      role: 1,
    });
  }
  return openAnswer(came, seeds, {
    conversation,
    menteeKey: keyOf("mentee").verifyKey,
    knockHash: parseHex(vectors.knock.core_hash),
    offerKey: keyOf("offer").verifyKey,
  });
}

function seedOf(way: Way): Uint8Array {
  return parseHex(vectors[way].recipient_seed);
}

for (const way of WAYS) {
  const one = vectors[way];

  test(`opens the ${way}`, async () => {
    const opened = await open(way, stamped(one.envelope), [new Uint8Array(32), seedOf(way)]);
    assert.equal(hex(opened.raw), one.core);
    assert.equal(hex(opened.frankKey), one.frank_key);
    assert.equal(hex(opened.signature), one.signature);
    assert.equal(opened.place, 1);
    const writer = way === "answer" ? "mentor" : "mentee";
    assert.deepEqual(opened.writer, keyOf(writer).verifyKey);
  });

  test(`core, names and commitment of the ${way}`, () => {
    const raw = parseHex(one.core);
    assert.equal(hex(encodeCore(parseCore(raw))), one.core);
    assert.equal(hex(coreHash(raw)), one.core_hash);
    assert.equal(hex(commit(parseHex(one.frank_key), raw)), one.commitment);
    assert.equal(hex(keyId(parseHex(one.recipient_key))), one.kid);
    const envelope = parseEnvelope(parseHex(one.envelope));
    assert.equal(hex(encodeEnvelope(envelope)), one.envelope);
    assert.equal(hex(envelope.box), one.box);
    const node = keyOf("node").verifyKey;
    assert.equal(verifyStamp(envelope, [keyOf("offer").verifyKey, node]).envelope, envelope);
    assert.throws(() => verifyStamp({ ...envelope, day: 1 }, [node]), SignatureError);
  });

  test(`what is sealed as ${way} opens as such`, async () => {
    const core = parseCore(parseHex(one.core));
    const how = {
      writer: keyOf(way === "answer" ? "mentor" : "mentee"),
      sealingKey: parseHex(one.recipient_key),
      box: parseHex(one.box),
      rng: seededRng(1),
    };
    const unstamped =
      way === "knock"
        ? await sealKnock(core, { ...how, offerId: offer })
        : await (way === "answer" ? sealAnswer : sealMessage)(core, how);
    const envelope = { ...parseEnvelope(parseHex(one.envelope)), ...unstamped };
    const opened = await open(way, { envelope }, [seedOf(way)]);
    assert.equal(hex(opened.raw), one.core);
  });

  for (const [about, envelope] of Object.entries(vectors.refused[way])) {
    test(`refuses the ${way}: ${about}`, async () => {
      await assert.rejects(open(way, stamped(envelope), [seedOf(way)]), DecryptionError);
    });
  }
}

test("binding, who and postmark", () => {
  const mentorKey = keyOf("mentor").verifyKey;
  const menteeKey = keyOf("mentee").verifyKey;
  const knockHash = parseHex(vectors.knock.core_hash);
  const bound = { conversation, mentorKey, menteeKey, knockHash };
  assert.equal(hex(signBinding(keyOf("offer"), bound)), vectors.binding);
  verifyBinding(keyOf("offer").verifyKey, parseHex(vectors.binding), bound);
  assert.equal(hex(offerId(keyOf("offer").verifyKey)), vectors.offer_id);
  const node = [parseVerifyKey(keyOf("node").verifyKey)];
  const who = parseHex(vectors.who.who);
  const signature = parseHex(vectors.who.signature);
  verifyWho(node, signature, who, { offerId: offer, menteeKey, day: vectors.day });
  const later = { offerId: offer, menteeKey, day: vectors.day + 1 };
  assert.throws(() => verifyWho(node, signature, who, later), SignatureError);
  const postmark = postmarkOf(parseEnvelope(parseHex(vectors.message.envelope)));
  assert.equal(hex(encodePostmark(postmark)), vectors.sender_seal.postmark);
  assert.deepEqual(parsePostmark(encodePostmark(postmark)), postmark);
});
