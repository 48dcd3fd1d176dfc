import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { stockOf } from './backups.ts';
import { PbsClient } from './client.ts';
import type { PbsOptions } from './config.ts';
import { JOB_KINDS } from './jobs.ts';
import { serverId } from './map.ts';
import { seesAll, withheld } from './permissions.ts';
import { Picture } from './picture.ts';
import { datastoreIn, failureOf } from './tasks.ts';
import type {
  DatastoreEntry,
  JobRow,
  NamespaceRow,
  NodeStatus,
  Permissions,
  SnapshotRow,
  Subscription,
  TaskRow,
  Usage,
  Version,
} from './wire.ts';

/** What is in a datastore is read again after so long, or when a task has changed it. */
const STOCK_MS = 30 * 60_000;
/** Until when failures were told, in seconds since 1970: kept over restarts, so that none is told twice or missed. */
const TOLD = 'failures_told';
const TASKS = '/nodes/localhost/tasks';
const DAY_S = 86_400;

/** One Proxmox Backup Server. */
export class PbsSession implements Session {
  readonly watches = [];
  readonly capabilities = {};
  readonly tasks: readonly PollTask[];

  readonly #client: PbsClient;
  readonly #context: SourceContext;
  readonly #picture: Picture;
  readonly #closed = new AbortController();
  #permissions: Permissions | undefined;
  /** When each datastore was looked through, by the clock's `elapsed`. */
  readonly #looked = new Map<string, number>();
  /** Datastores that do not show all that they hold. */
  readonly #withheld = new Set<string>();
  readonly #token: string;
  #isIdentified = false;
  /** Each is said once. */
  readonly #said = new Set<string>();

  constructor(options: PbsOptions, context: SourceContext) {
    const { owner, title, clock, meter, log } = context;
    this.#client = new PbsClient(options, owner, clock, meter);
    this.#context = context;
    this.#token = options.token_id;
    this.#picture = new Picture(owner, title, this.#client.url, options.fingerprint);
    if (options.verify_tls === false) {
      log.warn(
        'the certificate is not verified: anyone on the way can read the credentials. Set fingerprint or ca',
      );
    }
    const task = (name: string, everySeconds: number, run: PollTask['run']): PollTask => ({
      ...{ name, tier: 'slow', everySeconds },
      run: async (signal) => {
        await run(signal);
        if (!this.#closed.signal.aborted) context.publish(this.#picture.resources(clock.now()));
      },
    });
    this.tasks = [
      { ...task('the server', 60, (signal) => this.#readServer(signal)), vital: true },
      task('its tasks', 60, (signal) => this.#readTasks(signal)),
      task('its failed tasks', 1_800, (signal) => this.#readFailed(signal)),
      task('its jobs', 600, (signal) => this.#readJobs(signal)),
      task('what its datastores hold', 120, (signal) => this.#readStock(signal)),
    ];
  }

  refresh(): void {}

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await this.#client.close();
  }

  async #readServer(signal: AbortSignal): Promise<void> {
    const picture = this.#picture;
    // Before anything else: a wrong address is told by what answers there.
    picture.version ??= await this.#client.get<Version>('/version', signal);
    const usages = await this.#client.list<Usage>('/status/datastore-usage', signal);
    const status = await this.#part(signal, () =>
      this.#client.get<NodeStatus>('/nodes/localhost/status', signal),
    );
    await this.#identify(status, signal);
    picture.saw(usages, status, this.#context.clock.now());
  }

  /** Which server it is: its certificate may be replaced, and its id may be kept from the token. */
  async #identify(status: NodeStatus | undefined, signal: AbortSignal): Promise<void> {
    if (this.#isIdentified) return;
    const path = '/nodes/localhost/subscription';
    const said = await this.#part(signal, () => this.#client.get<Subscription>(path, signal));
    const names = [said?.serverid, status?.info?.fingerprint];
    const [sure, also] = names.filter((name) => name !== undefined && name !== '');
    if (sure !== undefined) this.#picture.owner = this.#context.identities.bind(sure, also);
    this.#isIdentified = true;
  }

  async #readTasks(signal: AbortSignal): Promise<void> {
    const rows = await this.#part(signal, () => this.#client.list<TaskRow>(`${TASKS}?limit=100`, signal));
    if (rows === undefined) return;
    const ended = this.#picture.tasks.take(rows, this.#now);
    for (const row of ended) this.#looked.delete(datastoreIn(row) ?? '');
    // Its jobs and what it holds are read when something about it is over.
    if (ended.length > 0) await Promise.all([this.#readJobs(signal), this.#readStock(signal)]);
    this.#tell();
  }

  /** Also those of which the short list tells nothing any more. */
  async #readFailed(signal: AbortSignal): Promise<void> {
    const path = `${TASKS}?errors=1&since=${this.#now - DAY_S}&limit=200`;
    const rows = await this.#part(signal, () => this.#client.list<TaskRow>(path, signal));
    if (rows === undefined) return;
    this.#picture.tasks.failed(rows, this.#now);
    this.#tell();
  }

  async #readJobs(signal: AbortSignal): Promise<void> {
    for (const kind of JOB_KINDS) {
      const rows = await this.#part(signal, () => this.#client.list<JobRow>(`/admin/${kind}`, signal));
      if (rows !== undefined) this.#picture.jobs.set(kind, rows);
    }
    const entries = await this.#part(signal, () =>
      this.#client.list<DatastoreEntry>('/admin/datastore', signal),
    );
    if (entries !== undefined) this.#picture.described(entries);
  }

  async #readStock(signal: AbortSignal): Promise<void> {
    const now = this.#context.clock.elapsed();
    const due = this.#picture.usable.filter(
      (store) => now - (this.#looked.get(store) ?? -STOCK_MS) >= STOCK_MS,
    );
    if (due.length === 0) return;
    this.#permissions =
      (await this.#part(signal, () => this.#client.get<Permissions>('/access/permissions', signal))) ??
      this.#permissions;
    for (const store of due) {
      this.#looked.set(store, now);
      if (!seesAll(this.#permissions, store)) {
        this.#picture.stock.delete(store);
        this.#withheld.add(store);
        continue;
      }
      this.#withheld.delete(store);
      const stock = await this.#part(signal, () => this.#stockOf(store, signal));
      if (stock !== undefined) this.#picture.stock.set(store, stock);
    }
    this.#context.report(
      [...this.#withheld].sort().map((store) => withheld(store, this.#picture.owner, this.#token)),
    );
  }

  async #stockOf(store: string, signal: AbortSignal) {
    const path = `/admin/datastore/${encodeURIComponent(store)}`;
    const spaces = await this.#client.list<NamespaceRow>(`${path}/namespace`, signal);
    const found = new Map<string, readonly SnapshotRow[]>();
    for (const { ns } of spaces) {
      const query = ns === '' ? '' : `?ns=${encodeURIComponent(ns)}`;
      found.set(ns, await this.#client.list<SnapshotRow>(`${path}/snapshots${query}`, signal));
    }
    return stockOf(found);
  }

  /** Tells of failures that nobody was told of. */
  #tell(): void {
    const { memory, emit } = this.#context;
    const known = memory.get(TOLD);
    const told = Number(known ?? this.#now);
    const untold = known === undefined ? [] : this.#picture.tasks.failedSince(told);
    const until = Math.max(told, ...untold.map(({ endtime = 0 }) => endtime));
    if (known !== String(until)) memory.put(TOLD, String(until));
    for (const row of untold) emit(serverId(this.#picture.owner), 'failure', failureOf(row));
  }

  /** Reads a part that the rest does not depend on: what the token may not see, or fails, is said once. */
  async #part<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (thrown) {
      const error = asLabError(thrown);
      const isPart = ['privilege_missing', 'source_refused', 'source_failed'].includes(error.code);
      if (signal.aborted || !isPart) throw thrown;
      this.#say(error);
      return undefined;
    }
  }

  #say({ code, message, hint }: LabError): void {
    const { log } = this.#context;
    log[this.#said.has(message) ? 'debug' : 'warn'](hint === undefined ? message : `${message}; ${hint}`, {
      code,
    });
    this.#said.add(message);
  }

  /** Seconds since 1970. */
  get #now(): number {
    return Math.floor(this.#context.clock.now() / 1_000);
  }
}
