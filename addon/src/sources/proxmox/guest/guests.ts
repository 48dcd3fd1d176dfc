import { StartTimes } from '../boot-time.ts';
import { guestId, vmidIn } from '../ids.ts';
import type { NodeRow } from '../node/wire.ts';
import { Parts } from '../parts.ts';
import { Absences } from './absences.ts';
import type { Gap } from './bearer.ts';
import { type GuestResource, guestOf } from './map.ts';
import { type Counted, counted, NO_RATES } from './rates.ts';
import { NOTHING_KNOWN, type Surroundings } from './surroundings.ts';
import type { Told } from './told.ts';
import type { GuestConfig, GuestRow, GuestStatus } from './wire.ts';

/** What `status/current` said outranks the older list until that agrees, for so long at most. */
const OUTRANKS_MS = 20_000;
/** How the list says that a guest's node does not tell. */
const UNKNOWN = 'unknown';

interface Identity {
  /** What tells whether it may be another guest: its type and name; '' when it has to be looked at again. */
  readonly mark: string;
  readonly uptime: number;
  readonly generation: number;
  readonly config: GuestConfig | undefined;
  /** Since its configuration was read. */
  readonly gap: Gap;
}

/** What is known of the guests of a cluster. No I/O. */
export class Guests {
  /** Those that are missing at present among them, as unknown. */
  #rows: readonly GuestRow[] = [];
  readonly #absences = new Absences();
  readonly #deleted = new Set<number>();
  readonly #identities = new Map<number, Identity>();
  readonly #counters = new Map<number, Counted>();
  readonly #started = new StartTimes<number>();
  readonly #told = new Map<number, Told>();
  /** What others than the guest itself and its node tell of it. */
  readonly #parts = new Map<number, Parts<GuestResource['readings']>>();
  readonly #seen = new Map<number, { readonly status: GuestStatus; readonly at: number }>();

  get areThere(): boolean {
    return this.#rows.length > 0;
  }

  /** Numbers in use, those of templates and of what is being made among them. */
  get vmids(): readonly number[] {
    return this.#rows.map(({ vmid }) => vmid);
  }

  /** Those that are more than a template, once it is known which they are. */
  get shown(): readonly GuestRow[] {
    return this.#rows.filter(({ template, vmid }) => !template && this.#identities.has(vmid));
  }

  /** A guest by its number. */
  at(vmid: number): GuestRow | undefined {
    return this.shown.find((row) => row.vmid === vmid);
  }

  /** Where a guest is at present. */
  find(resourceId: string, owner: string): GuestRow | undefined {
    const vmid = vmidIn(resourceId);
    const row = this.#rows.find((candidate) => candidate.vmid === vmid);
    return row !== undefined && guestId(owner, vmid, this.generation(vmid) ?? 1) === resourceId
      ? row
      : undefined;
  }

  /** Some are missing in the list; another one, this much later (ms), will tell whether they are gone. */
  get settledIn(): number | undefined {
    return this.#absences.settledIn;
  }

  /**
   * Takes a list of the cluster.
   *
   * @returns whose configuration has to be read: new ones, and those that may be another guest than before
   */
  listed(rows: readonly GuestRow[], nodes: readonly NodeRow[], now: number): readonly GuestRow[] {
    const kept = this.#absences.kept(this.#rows, rows, nodes, now);
    const there = new Set([...rows, ...kept].map(({ vmid }) => vmid));
    for (const { vmid } of this.#rows) if (!there.has(vmid)) this.deleted(vmid);
    this.#rows = [...rows, ...kept.map((row) => ({ ...row, status: UNKNOWN }))];
    for (const { vmid } of kept) this.#doubt(vmid);
    for (const row of rows) this.#heard(row, now);
    const online = new Set(nodes.filter(({ status }) => status === 'online').map(({ node }) => node));
    return rows.filter((row) => this.#mayBeAnother(row, online));
  }

  /** Takes that a guest is gone for good: a list without it is not waited for. */
  deleted(vmid: number): void {
    this.#deleted.add(vmid);
    this.#rows = this.#rows.filter((row) => row.vmid !== vmid);
    for (const map of [this.#identities, this.#counters, this.#started, this.#seen, this.#told, this.#parts])
      map.delete(vmid);
  }

  /** What speaks for another guest having taken a vmid since its configuration was read. */
  gap(vmid: number): Gap {
    // Nobody watched what was before it was seen first.
    return this.#deleted.has(vmid) ? 'deleted' : (this.#identities.get(vmid)?.gap ?? 'paused');
  }

  /** Takes which guest bears a vmid. @param config undefined: it could not be read, so all stays as it was */
  identified(row: GuestRow, generation: number, config: GuestConfig | undefined): void {
    const { vmid, uptime = 0 } = row;
    const known = this.#identities.get(vmid);
    // What was read was read of another.
    if (known !== undefined && known.generation !== generation) {
      this.#told.delete(vmid);
      this.#parts.delete(vmid);
    }
    // Not read: it is looked at again with the next list.
    this.#identities.set(
      vmid,
      config === undefined
        ? { mark: '', uptime, generation, config: known?.config, gap: this.gap(vmid) }
        : { mark: markOf(row), uptime, generation, config, gap: 'none' },
    );
    if (config !== undefined) this.#deleted.delete(vmid);
  }

  /** Which bearer of a vmid it is; undefined: it is not known. */
  generation(vmid: number): number | undefined {
    return this.#identities.get(vmid)?.generation;
  }

  /** What was read of one guest. */
  told(vmid: number): Told {
    return this.#told.get(vmid) ?? {};
  }

  /** Takes what was read of one guest. */
  tell(vmid: number, news: Told): void {
    this.#told.set(vmid, { ...this.told(vmid), ...news });
  }

  /** Takes readings of a guest that a reader found out, in place of what it told before. @param reader its name */
  add(vmid: number, reader: string, readings: Partial<GuestResource['readings']>): void {
    const parts = this.#parts.get(vmid) ?? new Parts();
    this.#parts.set(vmid, parts);
    parts.tell(reader, readings);
  }

  /** undefined: it is not known. */
  config(vmid: number): GuestConfig | undefined {
    return this.#identities.get(vmid)?.config;
  }

  /** Takes what a guest is at this moment. */
  saw(vmid: number, status: GuestStatus, now: number): void {
    this.#seen.set(vmid, { status, at: now });
  }

  /** @param lab what of the rest of the cluster matters to guests; left out: nothing is known of it */
  resources(owner: string, url: string, lab: Surroundings = NOTHING_KNOWN): readonly GuestResource[] {
    return this.shown.map((row) => {
      const { vmid } = row;
      const seen = this.#seen.get(vmid)?.status;
      const current = seen === undefined ? row : { ...row, ...currentOf(row, seen) };
      return guestOf(current, {
        owner,
        url,
        generation: this.generation(vmid) ?? 1,
        config: this.#identities.get(vmid)?.config,
        told: this.told(vmid),
        added: this.#parts.get(vmid)?.all ?? {},
        lab,
        rates: this.#counters.get(vmid)?.rates ?? NO_RATES,
        started: current.status === 'stopped' ? undefined : this.#started.get(vmid),
      });
    });
  }

  #heard(row: GuestRow, now: number): void {
    const { vmid, status, uptime } = row;
    this.#counters.set(vmid, counted(this.#counters.get(vmid), row));
    // Nobody knows how long it runs while nobody tells how it is.
    if (status !== UNKNOWN) this.#started.heard(vmid, uptime, now);
    const seen = this.#seen.get(vmid);
    if (seen && (currentOf(row, seen.status).status === status || now - seen.at > OUTRANKS_MS))
      this.#seen.delete(vmid);
  }

  #mayBeAnother(row: GuestRow, online: ReadonlySet<string>): boolean {
    const { vmid, status, uptime = 0 } = row;
    const known = this.#identities.get(vmid);
    if (known === undefined) return true;
    // Nothing can be asked of a node that is off; its guests stay who they were.
    if (!online.has(row.node)) return false;
    if (status === UNKNOWN) {
      // Its node does not tell, or it was made a moment ago.
      this.#doubt(vmid);
      return false;
    }
    // Another guest in its place was not running at some time.
    const restarted = uptime < known.uptime;
    const isOff = status === 'stopped';
    // Its agent, addresses and disks were of another run.
    if (restarted || isOff) this.tell(vmid, { agent: null, addresses: null, filling: null });
    this.#identities.set(vmid, { ...known, uptime, gap: restarted || isOff ? 'paused' : known.gap });
    return known.mark !== markOf(row) || restarted || (known.gap === 'paused' && !isOff);
  }

  /** It may be another one when it is heard of again. */
  #doubt(vmid: number): void {
    const known = this.#identities.get(vmid);
    if (known !== undefined) this.#identities.set(vmid, { ...known, mark: '' });
    this.#seen.delete(vmid);
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
