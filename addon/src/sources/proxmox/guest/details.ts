import { waitAfter } from '../../../core/backoff.ts';
import { asLabError } from '../../../core/errors.ts';
import type { Allowance } from '../allowance.ts';
import type { Desk, GuestReader } from '../reader.ts';
import type { GuestRow } from './wire.ts';

/** A guest that starts takes a while until its agent answers; a broken one is asked every hour. */
const BACKOFF = { first: 15_000, most: 3_600_000 };
/** So many things that were never read are read at once; the rest a little later. */
const FIRST_READS = 6;
const PUBLISH_MS = 1_000;
/** Calls a minute: of one node, and of each other. */
const FIRST_NODE = 12;
const OTHER_NODE = 4;

/** One thing that is read of one guest. */
interface Entry {
  readonly reader: GuestReader;
  /** By the clock's `elapsed`. */
  due: number;
  /** Something happened to the guest: it is not put off. */
  urgent: boolean;
  runs: boolean;
  failures: number;
  /** It was read before: what it tells is known, so that it can wait until there is room for it. */
  isKnown: boolean;
}

interface Known {
  row: GuestRow;
  readonly entries: readonly Entry[];
}

/** Reads what is read of single guests, when it is due. */
export class Details {
  readonly #desk: Desk;
  readonly #readers: readonly GuestReader[];
  readonly #allowance: Allowance;
  readonly #signal: AbortSignal;
  readonly #known = new Map<number, Known>();
  #cancelPublish: (() => void) | undefined;
  /** Nodes of which an agent is asked at the moment. */
  readonly #asked = new Set<string>();

  constructor(desk: Desk, readers: readonly GuestReader[], allowance: Allowance, signal: AbortSignal) {
    this.#desk = desk;
    this.#readers = readers;
    this.#allowance = allowance;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#cancelPublish?.(), { once: true });
  }

  /**
   * Takes the guests of a list: what happened to one since the last makes its things due. What is due is read, and
   * nobody waits for it.
   */
  listed(rows: readonly GuestRow[]): void {
    const there = new Set(rows.map(({ vmid }) => vmid));
    for (const vmid of this.#known.keys()) if (!there.has(vmid)) this.#known.delete(vmid);
    for (const row of rows) {
      const known = this.#known.get(row.vmid);
      if (known === undefined || known.row.type !== row.type) this.#add(row);
      else {
        const changed = hasChanged(known.row, row);
        known.row = row;
        if (changed) this.#expect(row.vmid);
      }
    }
    void this.pump();
  }

  /** Has all of a guest read at once. */
  touch(vmid: number): void {
    this.#expect(vmid);
    void this.pump();
  }

  #expect(vmid: number): void {
    this.#desk.picture.guests.tell(vmid, { addressesAt: 0 });
    for (const entry of this.#known.get(vmid)?.entries ?? []) {
      entry.due = this.#now;
      entry.urgent = true;
      entry.failures = 0;
    }
  }

  /** Reads whatever is due and may be read now. */
  async pump(): Promise<void> {
    if (this.#signal.aborted) return;
    await Promise.all(this.#chosen().map(([row, entry]) => this.#read(row, entry)));
  }

  get #now(): number {
    return this.#desk.context.clock.elapsed();
  }

  #add(row: GuestRow): void {
    const now = this.#now;
    // In the order of the readers, not of the guests: what matters most is known of all of them first.
    const entries = this.#readers.map((reader, index) => ({
      reader,
      due: now + (reader.atFirst ? this.#pauseOf(row, reader) : index),
      urgent: false,
      runs: false,
      failures: 0,
      isKnown: reader.atFirst === true,
    }));
    this.#known.set(row.vmid, { row, entries });
  }

  #chosen(): readonly (readonly [GuestRow, Entry])[] {
    const due = [...this.#known.values()]
      .flatMap(({ row, entries }) => entries.map((entry) => [row, entry] as const))
      .filter(([row, entry]) => this.#isDue(row, entry))
      .sort(([, a], [, b]) => Number(b.urgent) - Number(a.urgent) || a.due - b.due);
    let calls = 0;
    let firsts = 0;
    return due.filter(([row, entry]) => {
      const { viaAgent } = entry.reader;
      if (viaAgent && this.#asked.has(row.node)) return false;
      const cost = viaAgent ? 2 : 1;
      if (!entry.urgent) {
        if (entry.isKnown ? !this.#allowance.fits(calls + cost, this.#perMinute) : firsts >= FIRST_READS)
          return false;
        if (!entry.isKnown) firsts += 1;
      }
      calls += cost;
      if (viaAgent) this.#asked.add(row.node);
      return true;
    });
  }

  #isDue(row: GuestRow, { reader, due, runs }: Entry): boolean {
    const { picture } = this.#desk;
    if (runs || due > this.#now + 500 || !picture.nodes.online.has(row.node)) return false;
    // While it is frozen for a snapshot its agent answers nobody.
    if (reader.viaAgent && (row.lock !== undefined || row.status !== 'running')) return false;
    return reader.isFor(row, picture.guests.config(row.vmid), this.#desk);
  }

  async #read(row: GuestRow, entry: Entry): Promise<void> {
    const { context, warn, publish } = this.#desk;
    const { reader, urgent } = entry;
    entry.runs = true;
    entry.urgent = false;
    entry.isKnown = true;
    try {
      await reader.read(this.#desk, row, this.#signal);
      entry.failures = 0;
      if (!entry.urgent) entry.due = this.#now + this.#pauseOf(row, reader);
    } catch (thrown) {
      if (this.#signal.aborted) return;
      const error = asLabError(thrown);
      entry.failures += 1;
      const wait = error.next === 'retry' ? waitAfter(entry.failures, BACKOFF, 1) : BACKOFF.most;
      if (!entry.urgent) {
        entry.due = this.#now + wait;
        // What happened to it was not read yet: it goes on not waiting for room.
        entry.urgent = urgent;
      }
      if (reader.viaAgent || error.next === 'retry') context.log.debug(error.message);
      else warn(error);
    } finally {
      entry.runs = false;
      if (reader.viaAgent) this.#asked.delete(row.node);
    }
    if (urgent) publish();
    else this.#publishSoon();
    // Others waited for this node's agents, or something happened meanwhile.
    if (reader.viaAgent || entry.urgent) await this.pump();
  }

  /** Somebody waits for what was urgent. Of the rest a second's worth is published at once, each time for all guests. */
  #publishSoon(): void {
    this.#cancelPublish ??= this.#desk.context.clock.after(PUBLISH_MS, () => {
      this.#cancelPublish = undefined;
      this.#desk.publish();
    });
  }

  /** Milliseconds; guests that were read together drift apart. */
  #pauseOf(row: GuestRow, reader: GuestReader): number {
    const chance = ((row.vmid * 2_654_435_761 + Math.floor(this.#now)) % 2 ** 32) / 2 ** 32;
    return reader.every(this.#desk, row) * 1_000 * (0.75 + chance / 2);
  }

  get #perMinute(): number {
    return FIRST_NODE + OTHER_NODE * Math.max(0, this.#desk.picture.nodes.rows.length - 1);
  }
}

/** Whether a guest was started, moved, tagged otherwise or unlocked since. */
function hasChanged(before: GuestRow, now: GuestRow): boolean {
  // One that nobody told of for a while went on all the same.
  const started =
    now.status === 'running' && (before.status === 'stopped' || (now.uptime ?? 0) < (before.uptime ?? 0));
  // Nothing is settled while it is locked; the end of it is what counts.
  const unlocked = before.lock !== undefined && now.lock !== before.lock;
  return started || unlocked || before.node !== now.node || before.tags !== now.tags;
}
