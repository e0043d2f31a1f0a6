/**
 * In which order messages are shown, the same on every device.
 *
 * Each lane keeps its own order, and nothing stands before what it acknowledges; apart from that
 * the writers' clocks decide. A wrong clock can therefore not put an answer before its question.
 */

import type { Entry } from "./events.ts";
import { compareNames } from "./names.ts";

/** What is shown together: a message, after what is missing before it. */
export interface Unit {
  /** Number in its lane. */
  readonly seq: number;
  /** By the writer's clock. */
  readonly minute: number;
  /** Highest number that must stand before it, by key of the lane. */
  readonly after: ReadonlyMap<string, number>;
  readonly entries: readonly Entry[];
}

/** The units of one lane, in its own order; at least one. */
export interface LaneUnits {
  /** Role of the writer. */
  readonly role: number;
  readonly lane: string;
  readonly units: readonly Unit[];
}

interface Row {
  readonly role: number;
  readonly lane: string;
  readonly key: string;
  readonly units: readonly Unit[];
  /** The highest number in it. */
  readonly top: number;
  place: number;
  /** The number shown last. */
  shown: number;
}

interface Head {
  readonly row: Row;
  readonly unit: Unit;
  readonly isReady: boolean;
}

/** How `after` names the lane of a writer. */
export function laneKey(role: number, lane: string): string {
  return `${role}.${lane}`;
}

/** The entries of all lanes as they are shown. */
export function inOrder(lanes: Iterable<LaneUnits>): readonly Entry[] {
  const rows = new Map<string, Row>();
  for (const { role, lane, units } of lanes) {
    const key = laneKey(role, lane);
    const top = units[units.length - 1]?.seq ?? 0;
    if (units.length > 0) rows.set(key, { role, lane, key, units, top, place: 0, shown: 0 });
  }
  const entries: Entry[] = [];
  for (let head = firstHead(rows); head !== null; head = firstHead(rows)) {
    entries.push(...head.unit.entries);
    head.row.shown = head.unit.seq;
    head.row.place += 1;
  }
  return entries;
}

/** The head that is shown next; null at the end. */
function firstHead(rows: ReadonlyMap<string, Row>): Head | null {
  let first: Head | null = null;
  for (const row of rows.values()) {
    const unit = row.units[row.place];
    if (unit === undefined) continue;
    const head = { row, unit, isReady: isReady(unit, rows) };
    // Acknowledgements of a hostile writer may form a circle: then the clock decides.
    if (first === null || compareHeads(head, first) < 0) first = head;
  }
  return first;
}

function compareHeads(a: Head, b: Head): number {
  return (
    Number(b.isReady) - Number(a.isReady) ||
    a.unit.minute - b.unit.minute ||
    a.row.role - b.row.role ||
    compareNames(a.row.lane, b.row.lane)
  );
}

function isReady(unit: Unit, rows: ReadonlyMap<string, Row>): boolean {
  for (const [key, seq] of unit.after) {
    const row = rows.get(key);
    if (row !== undefined && row.shown < Math.min(seq, row.top)) return false;
  }
  return true;
}
