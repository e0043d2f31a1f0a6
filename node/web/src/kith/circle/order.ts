/**
 * The order in which the texts of a circle are shown.
 *
 * Clocks are wrong and minutes are long, so a text says which one its writer had seen last. It is
 * shown after that one; otherwise the writers' minutes decide. Everybody who has the same texts
 * shows them in the same order.
 */

/** What the order of a text depends on. */
export interface Said {
  /** By the writer's clock. */
  readonly minute: number;
  /** Name of the text that its writer had seen last, or empty. */
  readonly follows: string;
}

/** Minute in which a text counts as said, and how many texts of that minute it follows. */
export type Rank = readonly [number, number];

/**
 * The rank of each text, the same for everybody who has the same ones.
 *
 * @param texts - by name. What they follow may be missing; in a ring, which only somebody who
 *   writes by hand can make, the minutes decide.
 */
export function rankTexts(texts: ReadonlyMap<string, Said>): ReadonlyMap<string, Rank> {
  const ranks = new Map<string, Rank>();
  for (const name of texts.keys()) {
    const ahead = new Set<string>();
    for (let at: string = name; !ranks.has(at) && !ahead.has(at); ) {
      const said = texts.get(at);
      if (said === undefined) break;
      ahead.add(at);
      at = said.follows;
    }
    for (const one of [...ahead].reverse()) {
      const said = texts.get(one);
      if (said !== undefined) ranks.set(one, after(ranks.get(said.follows), said.minute));
    }
  }
  return ranks;
}

/** Orders two ranks. */
export function compareRanks(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1];
}

function after(before: Rank | undefined, minute: number): Rank {
  if (before === undefined || before[0] < minute) return [minute, 0];
  return [before[0], before[1] + 1];
}
