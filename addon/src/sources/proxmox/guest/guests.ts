import { startedAt } from '../boot-time.ts';
import { guestId, vmidIn } from '../ids.ts';
import { type GuestResource, guestOf } from './map.ts';
import { type Counted, counted, NO_RATES } from './rates.ts';
import type { GuestConfig, GuestRow, GuestStatus } from './wire.ts';

/** What `status/current` said outranks the older list until that agrees, for so long at most. */
const OUTRANKS_MS = 20_000;

interface Identity {
  /** What tells whether it may be another guest: its type and name. */
  readonly mark: string;
  readonly uptime: number;
  readonly generation: number;
  readonly config: GuestConfig | undefined;
}

/** What is known of the guests of a cluster. No I/O. */
export class Guests {
  #rows: readonly GuestRow[] = [];
  readonly #identities = new Map<number, Identity>();
  readonly #counters = new Map<number, Counted>();
  /** Milliseconds since 1970. */
  readonly #started = new Map<number, number | undefined>();
  readonly #seen = new Map<number, { readonly status: GuestStatus; readonly at: number }>();

  get areThere(): boolean {
    return this.#rows.length > 0;
  }

  /** Those that are more than a template, once it is known which they are. */
  get shown(): readonly GuestRow[] {
    return this.#rows.filter(({ template, vmid }) => !template && this.#identities.has(vmid));
  }

  /** Where a guest is at present. */
  find(resourceId: string, owner: string): GuestRow | undefined {
    const vmid = vmidIn(resourceId);
    const row = this.#rows.find((candidate) => candidate.vmid === vmid);
    return row !== undefined && guestId(owner, vmid, this.#generation(vmid)) === resourceId ? row : undefined;
  }

  /**
   * Takes a list of the cluster.
   *
   * @param online names of the nodes that run
   * @returns whose configuration has to be read: new ones, and those that may be another guest than before
   */
  listed(rows: readonly GuestRow[], online: ReadonlySet<string>, now: number): readonly GuestRow[] {
    this.#rows = rows;
    const there = new Set(rows.map(({ vmid }) => vmid));
    for (const map of [this.#identities, this.#counters, this.#started, this.#seen]) {
      for (const vmid of map.keys()) if (!there.has(vmid)) map.delete(vmid);
    }
    for (const row of rows) {
      this.#counters.set(row.vmid, counted(this.#counters.get(row.vmid), row));
      this.#started.set(row.vmid, startedAt(this.#started.get(row.vmid), row.uptime, now));
      const seen = this.#seen.get(row.vmid);
      if (seen && (currentOf(row, seen.status).status === row.status || now - seen.at > OUTRANKS_MS))
        this.#seen.delete(row.vmid);
    }
    return rows.filter((row) => this.#mayBeAnother(row, online));
  }

  /** Takes which guest bears a vmid. @param config undefined: it could not be read, so all stays as it was */
  identified(row: GuestRow, generation: number, config: GuestConfig | undefined): void {
    const known = this.#identities.get(row.vmid);
    this.#identities.set(row.vmid, {
      // Not read: it is looked at again with the next list.
      mark: config === undefined ? '' : markOf(row),
      uptime: row.uptime ?? 0,
      generation,
      config: config ?? known?.config,
    });
  }

  /** Takes what a guest is at this moment. */
  saw(vmid: number, status: GuestStatus, now: number): void {
    this.#seen.set(vmid, { status, at: now });
  }

  resources(owner: string, url: string): readonly GuestResource[] {
    return this.shown.map((row) => {
      const { vmid } = row;
      const seen = this.#seen.get(vmid)?.status;
      const current = seen === undefined ? row : { ...row, ...currentOf(row, seen) };
      return guestOf(current, {
        owner,
        url,
        generation: this.#generation(vmid),
        config: this.#identities.get(vmid)?.config,
        rates: this.#counters.get(vmid)?.rates ?? NO_RATES,
        started: current.status === 'stopped' ? undefined : this.#started.get(vmid),
      });
    });
  }

  #mayBeAnother(row: GuestRow, online: ReadonlySet<string>): boolean {
    const known = this.#identities.get(row.vmid);
    // Nothing can be asked of a node that is off; its guests stay who they were.
    if (known !== undefined && !online.has(row.node)) return false;
    const uptime = row.uptime ?? 0;
    // Another guest in its place was not running at some time.
    if (known === undefined || known.mark !== markOf(row) || uptime < known.uptime) return true;
    this.#identities.set(row.vmid, { ...known, uptime });
    return false;
  }

  #generation(vmid: number): number {
    return this.#identities.get(vmid)?.generation ?? 1;
  }
}

const markOf = ({ type, name = '' }: GuestRow): string => `${type} ${name}`;

function currentOf(
  row: GuestRow,
  { status, qmpstatus, lock }: GuestStatus,
): Pick<GuestRow, 'status' | 'lock'> {
  const held = lock ?? row.lock;
  // The list has QEMU's own word for it.
  return {
    status: status === 'running' ? (qmpstatus ?? status) : status,
    ...(held !== undefined && { lock: held }),
  };
}
