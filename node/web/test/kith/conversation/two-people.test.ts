import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Body, newBody } from "../../../src/kith/conversation/bodies.ts";
import type { Sent } from "../../../src/kith/conversation/events.ts";
import { Conversation } from "../../../src/kith/conversation/machine.ts";
import { type Change, laneOf } from "../../../src/kith/conversation/records.ts";
import { utf8 } from "../../../src/kith/crypto/bytes.ts";
import { DecryptionError, UsageError } from "../../../src/kith/crypto/errors.ts";
import type { Rng } from "../../../src/kith/crypto/random.ts";
import { countedRng } from "./counted-rng.ts";
import { aPair, CONVERSATION, DAY_S, HOME, NOW, stamped, textsOf, Vault } from "./talking.ts";

// Whatever is lost, doubled or overtaken, and whichever device takes it in: in the end both
// sides have said and heard the same.

/** One side, on two devices that share a vault and look at it now and then. */
class Person {
  readonly #shared: Vault;
  readonly #devices: Device[];

  constructor(name: string, side: Conversation) {
    this.#shared = new Vault().keep(side);
    this.#devices = ["laptop.", "phone..."].map((device) => {
      const lane = laneOf(utf8(`${name}'s ${device}`), CONVERSATION);
      return new Device(this.#shared, lane);
    });
  }

  device(place: number): Device {
    const found = this.#devices[place % this.#devices.length];
    assert(found);
    return found;
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  sync(): void {
    for (const device of this.#devices) device.upload();
    for (const device of this.#devices) device.load();
  }
}

class Device {
  readonly #shared: Vault;
  readonly #lane: string;
  #pending: Change[] = [];
  side: Conversation;

  constructor(shared: Vault, lane: string) {
    this.#shared = shared;
    this.#lane = lane;
    this.side = Conversation.load(shared.records, lane);
  }

  upload(): void {
    this.#shared.store([...this.#pending, ...this.side.takeChanges()]);
    this.#pending = [];
  }

  load(): void {
    this.#pending.push(...this.side.takeChanges());
    this.upload();
    this.side = Conversation.load(this.#shared.records, this.#lane);
  }

  write(body: Body, now: number, rng: Rng): Promise<Sent> {
    return this.side.write(body, now, rng);
  }

  /** Takes an envelope in; if it does not open, once more with the newest vault. */
  async take(sent: Sent, now: number): Promise<void> {
    for (const isLast of [false, true]) {
      try {
        await this.side.receive(stamped(sent.unstamped, now), HOME, now);
        return;
      } catch (error) {
        if (!(error instanceof DecryptionError)) throw error;
        if (isLast) this.side.noteUnreadable(now);
        else this.load();
      }
    }
  }
}

type Act =
  | { readonly do: "say"; readonly who: 0 | 1; readonly device: number }
  | {
      readonly do: "carry";
      readonly who: 0 | 1;
      readonly which: number;
      readonly copies: number;
    }
  | { readonly do: "lose"; readonly who: 0 | 1; readonly which: number }
  | { readonly do: "sync"; readonly who: 0 | 1 }
  | { readonly do: "wait"; readonly hours: number };

const who = fc.constantFrom<0 | 1>(0, 1);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("say"), who, device: fc.nat(1) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("carry"),
      who,
      which: fc.nat(),
      copies: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose"), who, which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sync"), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait"), hours: fc.integer({ min: 1, max: 9 }) }),
  },
) as fc.Arbitrary<Act>;

/** The line between two people. */
class Line {
  readonly people: readonly [Person, Person];
  /** What is on its way to each of them. */
  readonly #ways: readonly [Sent[], Sent[]] = [[], []];
  readonly #rng = countedRng(9);
  readonly said: string[] = [];
  #now = NOW;

  constructor(mentee: Conversation, mentor: Conversation) {
    this.people = [new Person("mentee", mentee), new Person("mentor", mentor)];
  }

  async do(act: Act): Promise<void> {
    switch (act.do) {
      case "say":
        await this.say(act.who, act.device);
        break;
      case "carry":
        await this.#carry(act.who, act.which, act.copies);
        break;
      case "lose":
        this.#pick(act.who, act.which);
        break;
      case "sync":
        this.people[act.who].sync();
        break;
      case "wait":
        this.#now += act.hours * 3600;
        break;
    }
  }

  async say(from: 0 | 1, device: number): Promise<void> {
    const text = `${this.said.length}`;
    this.said.push(text);
    await this.#write(from, device, newBody("text", { text }));
  }

  /** A day on which nothing is lost: both write, and do what is due. */
  async goodDay(): Promise<void> {
    this.#now += DAY_S;
    for (const from of [0, 1] as const) {
      this.people[from].sync();
      await this.#write(from, 0, newBody("rekey"));
    }
    for (let turn = 0; turn < 2; turn += 1) {
      for (const from of [0, 1] as const) {
        await this.#carryAll(from);
        this.people[from].sync();
        await this.#doWhatIsDue(from);
      }
    }
    for (const from of [0, 1] as const) await this.#carryAll(from);
    for (const person of this.people) person.sync();
  }

  async #doWhatIsDue(from: 0 | 1): Promise<void> {
    const device = this.people[from].device(0);
    const due = device.side.tick(this.#now, true);
    if (due.rekey) await this.#write(from, 0, newBody("rekey", { again: due.askAgain }));
    for (const hash of due.resend) {
      try {
        this.#hand(from, await device.side.resend(hash, this.#rng));
      } catch (error) {
        assert(error instanceof UsageError);
      }
    }
  }

  async #write(from: 0 | 1, device: number, body: Body): Promise<void> {
    const sent = await this.people[from].device(device).write(body, this.#now, this.#rng);
    this.#hand(from, sent);
  }

  #hand(from: 0 | 1, sent: Sent): void {
    this.#ways[from === 0 ? 1 : 0].push(sent);
  }

  #pick(to: 0 | 1, which: number): Sent | undefined {
    const way = this.#ways[to];
    return way.splice(way.length === 0 ? 0 : which % way.length, 1)[0];
  }

  async #carry(to: 0 | 1, which: number, copies: number): Promise<void> {
    const sent = this.#pick(to, which);
    if (sent === undefined) return;
    for (let copy = 0; copy < copies; copy += 1) {
      await this.people[to].device(which + copy).take(sent, this.#now);
    }
  }

  async #carryAll(to: 0 | 1): Promise<void> {
    for (const sent of this.#ways[to].splice(0)) {
      await this.people[to].device(0).take(sent, this.#now);
    }
  }
}

function hashesOf(side: Conversation): readonly string[] {
  return side.messages().map((entry) => {
    assert.equal(entry.kind, "shown");
    return entry.kind === "shown" ? entry.hash : "";
  });
}

test("random orders, losses and duplicates give both sides the same history", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 24 }), async (acts) => {
      const { mentee, mentor } = await aPair();
      const line = new Line(mentee, mentor);
      for (const one of acts) await line.do(one);
      for (let day = 0; day < 3; day += 1) await line.goodDay();
      const sides = line.people.flatMap(({ devices }) => devices.map(({ side }) => side));
      const [first] = sides;
      assert(first);
      assert.deepEqual([...textsOf(first)].sort(), [...line.said].sort());
      for (const side of sides) {
        assert.deepEqual(hashesOf(side), hashesOf(first));
        assert.equal(side.waiting, 0);
        const forks = side.messages().filter((one) => one.kind === "shown" && one.isFork);
        assert.deepEqual(forks, []);
      }
    }),
    { numRuns: 15, seed: 20_261_123 },
  );
});
