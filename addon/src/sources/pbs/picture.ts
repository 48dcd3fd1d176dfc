import type { LabResource } from '../../kinds/index.ts';
import type { Stock } from './backups.ts';
import { type JobKind, jobsOf } from './jobs.ts';
import { datastoreOf, serverOf } from './map.ts';
import { Tasks } from './tasks.ts';
import type { DatastoreEntry, JobRow, NodeStatus, Usage, Version } from './wire.ts';

/** An uptime is whole seconds, and old when it comes: what differs less is the same start. */
const SAME_MS = 60_000;

/** What is known of one backup server at this moment, and the resources which that makes. No I/O. */
export class Picture {
  readonly tasks = new Tasks();
  /** As the server lists them. */
  readonly jobs = new Map<JobKind, readonly JobRow[]>();
  /** What each datastore holds, of those that show all. */
  readonly stock = new Map<string, Stock>();
  version: Version | undefined;
  /** `<source>/<key>`: under whom it is known. */
  owner: string;
  readonly #title: string;
  readonly #url: string;
  readonly #fingerprint: string | undefined;
  #usages: readonly Usage[] | undefined;
  #status: NodeStatus | undefined;
  /** Milliseconds since 1970. */
  #started: number | undefined;
  #entries: ReadonlyMap<string, DatastoreEntry> = new Map();

  /** @param fingerprint of its certificate, as far as that is pinned */
  constructor(owner: string, title: string, url: string, fingerprint: string | undefined) {
    this.owner = owner;
    this.#fingerprint = fingerprint;
    this.#title = title;
    this.#url = url;
  }

  /** Takes how the server is, and its datastores. @param now milliseconds since 1970 */
  saw(usages: readonly Usage[], status: NodeStatus | undefined, now: number): void {
    this.#usages = usages;
    this.#status = status;
    if (status?.uptime === undefined) return;
    const at = now - status.uptime * 1_000;
    if (this.#started === undefined || Math.abs(at - this.#started) >= SAME_MS) this.#started = at;
  }

  /** Takes how datastores are set up. */
  described(entries: readonly DatastoreEntry[]): void {
    this.#entries = new Map(entries.map((entry) => [entry.store, entry]));
  }

  /** Names of the datastores that can be looked through. */
  get usable(): readonly string[] {
    return (this.#usages ?? [])
      .filter((usage) => usage.error === undefined && usage['mount-status'] !== 'notmounted')
      .map(({ store }) => store);
  }

  /** @param now milliseconds since 1970 */
  resources(now: number): readonly LabResource[] {
    const usages = this.#usages;
    if (usages === undefined) return [];
    const url = this.#url;
    return [
      serverOf(this.owner, {
        ...{ title: this.#title, url, version: this.version, status: this.#status, started: this.#started },
        fingerprint: this.#fingerprint,
        datastores: usages.length,
        work: this.tasks.readings,
      }),
      ...usages.map((usage) =>
        datastoreOf(this.owner, {
          ...{ url, usage, now },
          entry: this.#entries.get(usage.store),
          stock: this.stock.get(usage.store),
          jobs: jobsOf(usage.store, this.jobs),
        }),
      ),
    ];
  }
}
