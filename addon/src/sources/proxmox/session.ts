import type { Capabilities, Note } from '../../contract/capabilities.ts';
import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import { pause } from '../../core/clock.ts';
import { asLabError, type ErrorCode, LabError } from '../../core/errors.ts';
import { ProxmoxClient } from './client.ts';
import type { ProxmoxOptions } from './config.ts';
import { fingerprintOf } from './map.ts';
import { Picture } from './picture.ts';
import { taskEnded } from './tasks.ts';
import type {
  ClusterStatusRow,
  GuestConfig,
  GuestRow,
  GuestStatus,
  NodeStatus,
  ResourceRow,
} from './wire.ts';

const UNANSWERED: readonly ErrorCode[] = ['unreachable', 'deadline_passed', 'node_offline'];
const CONFIGS_ABREAST = 4;
const START_MS = 300_000;
/** PVE itself gives a guest 60 s to shut down, and a guest may be told to take longer. */
const STOP_MS = 600_000;
/** After a command the guest is looked at again; some changes come late. */
const LOOKS_MS = [0, 2_000, 6_000];

/** One cluster, or one node that is in none. */
export class ProxmoxSession implements Session {
  readonly watches = [];
  readonly tasks: readonly PollTask[];
  readonly capabilities: Partial<Capabilities>;

  readonly #client: ProxmoxClient;
  readonly #context: SourceContext;
  readonly #picture: Picture;
  readonly #closed = new AbortController();
  #bound = false;
  /** Each is said once. */
  readonly #said = new Set<string>();

  constructor(options: ProxmoxOptions, context: SourceContext) {
    const { owner, clock, meter, log } = context;
    this.#client = new ProxmoxClient(options, owner, clock, meter);
    this.#context = context;
    this.#picture = new Picture(owner, () => this.#client.url);
    if (options.verify_tls === false) {
      log.warn(
        'the certificate is not verified: anyone on the way can read the credentials. Set fingerprint or ca',
      );
    }
    this.tasks = [
      {
        name: 'nodes, guests and storages',
        tier: 'fast',
        vital: true,
        run: (signal) => this.#readAll(signal),
      },
      { name: 'status of the nodes', tier: 'slow', run: (signal) => this.#readNodes(signal) },
      { name: 'the cluster', tier: 'rare', run: (signal) => this.#readCluster(signal) },
    ];
    this.capabilities = {
      power: {
        start: (id, signal, note) => this.#change(id, 'start', START_MS, signal, note),
        stop: (id, signal, note) => this.#change(id, 'shutdown', STOP_MS, signal, note),
        restart: (id, signal, note) => this.#change(id, 'reboot', STOP_MS, signal, note),
      },
    };
  }

  refresh(resourceId: string): void {
    const { signal } = this.#closed;
    const { clock } = this.#context;
    for (const wait of LOOKS_MS) clock.after(wait, () => void this.#look(resourceId, signal).catch(() => {}));
  }

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await this.#client.close();
  }

  /** One call feeds nodes, guests and storages; a guest never seen before costs one more. */
  async #readAll(signal: AbortSignal): Promise<void> {
    if (!this.#bound) await this.#readCluster(signal);
    const rows = await this.#client.get<readonly ResourceRow[]>('/cluster/resources', signal);
    // Nodes are shown to everybody who may log in.
    const isEmpty = !rows.some(({ type }) => type === 'qemu' || type === 'lxc' || type === 'storage');
    if (isEmpty) {
      const error = new LabError(
        'privilege_missing',
        'the login works, but it may see no guest and no storage',
        {
          hint: 'give user and token the role PVEAuditor at / (VM.Audit, Sys.Audit, Datastore.Audit)',
        },
      );
      this.#warn(error);
      // Rights that were taken away are no reason to forget everything.
      if (this.#picture.hasGuests) throw error;
    }
    const unknown = this.#picture.listed(rows, this.#context.clock.now());
    const waiting = unknown.values();
    const work = async (): Promise<void> => {
      for (const row of waiting) await this.#identify(row, signal);
    };
    await Promise.all(Array.from({ length: Math.min(CONFIGS_ABREAST, unknown.length) }, work));
    this.#publish();
  }

  async #identify(row: GuestRow, signal: AbortSignal): Promise<void> {
    const { identities, log } = this.#context;
    let config: GuestConfig | undefined;
    try {
      if (!this.#picture.onlineNodes.includes(row.node))
        throw new LabError('node_offline', `${row.node} is off`);
      config = await this.#client.get<GuestConfig>(`${pathOf(row)}/config`, signal);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      // Its node may be off. It is the same guest as ever until its configuration says otherwise.
      log.debug(asLabError(thrown).message);
    }
    const path = `guest/${row.vmid}`;
    const generation = identities.generation(path, config && fingerprintOf(row.type, config));
    this.#picture.identified(row, generation, config);
  }

  async #readNodes(signal: AbortSignal): Promise<void> {
    for (const node of this.#picture.onlineNodes) {
      try {
        const path = `/nodes/${encodeURIComponent(node)}/status`;
        this.#picture.sawNode(node, await this.#client.get<NodeStatus>(path, signal));
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        // What one node does not tell must not keep the others from it.
        this.#warn(asLabError(thrown));
      }
    }
    this.#publish();
  }

  async #readCluster(signal: AbortSignal): Promise<void> {
    const rows = await this.#clusterStatus(signal);
    const nodes = rows.flatMap((row) => (row.type === 'node' ? [row] : []));
    this.#picture.sawCluster(rows);
    if (nodes.length > 0) {
      // Many single nodes are called “pve”; their addresses tell them apart. The first node stays when others join.
      const cluster = rows.find((row) => row.type === 'cluster')?.name ?? nodes[0]?.name;
      const [first] = nodes.toSorted((one, other) => (one.nodeid ?? 0) - (other.nodeid ?? 0));
      this.#picture.owner = this.#context.identities.bind(`${cluster} ${first?.ip ?? ''}`.trim());
    }
    this.#bound = true;
  }

  async #clusterStatus(signal: AbortSignal): Promise<readonly ClusterStatusRow[]> {
    try {
      return await this.#client.get<readonly ClusterStatusRow[]>('/cluster/status', signal);
    } catch (thrown) {
      const error = asLabError(thrown);
      if (error.code !== 'privilege_missing') throw thrown;
      this.#warn(error);
      return [];
    }
  }

  /** Reads what a guest is at this moment. @returns undefined: it is not there any more */
  async #look(resourceId: string, signal: AbortSignal): Promise<string | undefined> {
    const row = this.#picture.guest(resourceId);
    if (row === undefined) return undefined;
    const status = await this.#client.get<GuestStatus>(`${pathOf(row)}/status/current`, signal);
    this.#picture.sawGuest(row.vmid, status, this.#context.clock.now());
    this.#publish();
    return status.status;
  }

  async #change(
    resourceId: string,
    verb: 'start' | 'shutdown' | 'reboot',
    ms: number,
    signal: AbortSignal,
    note: Note = () => {},
  ): Promise<void> {
    const { clock } = this.#context;
    // Also tells, before anything is sent, whether the node that we ask is there.
    const { row, status, qmpstatus, lock } = await this.#found(resourceId, signal);
    const resumes = verb === 'start' && qmpstatus === 'paused';
    if ((verb === 'start') === (status === 'running') && verb !== 'reboot' && !resumes) return;
    // One that was suspended to disk is resumed by starting it.
    if (lock !== undefined && !(lock === 'suspended' && verb === 'start')) {
      const hint = 'wait until that is done';
      throw new LabError('source_refused', `${row.name ?? row.vmid} is locked (${lock})`, { hint });
    }
    const upid = await this.#client.post<string>(
      `${pathOf(row)}/status/${resumes ? 'resume' : verb}`,
      {},
      signal,
    );
    note({ vendorRef: upid });
    await taskEnded(this.#client, upid, clock, ms, signal);
    // Its task only told high availability what is wanted; a reboot's ends when the guest is down.
    if (row.hastate || verb === 'reboot')
      await this.#becomes(resourceId, verb === 'shutdown' ? 'stopped' : 'running', ms, signal);
  }

  /** Where a guest is and how, at this moment: it may have moved since the last list. */
  async #found(
    resourceId: string,
    signal: AbortSignal,
    again = true,
  ): Promise<GuestStatus & { readonly row: GuestRow }> {
    const row = this.#picture.guest(resourceId);
    if (row === undefined)
      throw new LabError('target_unknown', `${resourceId} is not in the cluster at present`);
    try {
      return { ...(await this.#client.get<GuestStatus>(`${pathOf(row)}/status/current`, signal)), row };
    } catch (thrown) {
      const { code, message, hint } = asLabError(thrown);
      if (signal.aborted) throw thrown;
      if (again && code === 'source_failed') {
        await this.#readAll(signal);
        return this.#found(resourceId, signal, false);
      }
      if (!UNANSWERED.includes(code)) throw thrown;
      // As an error of what was sent, it would leave open whether it happened.
      throw new LabError('source_failed', `${message}; nothing was sent`, {
        ...(hint !== undefined && { hint }),
        cause: thrown,
      });
    }
  }

  /** Waits until a guest is as wanted, wherever high availability takes it meanwhile. */
  async #becomes(resourceId: string, wanted: string, ms: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const end = clock.elapsed() + ms;
    for (;;) {
      // What it is on the way is shown, too.
      if ((await this.#statusNow(resourceId, signal)) === wanted) return;
      if (clock.elapsed() > end) {
        throw new LabError('deadline_passed', `${resourceId} is not ${wanted} after ${ms / 1_000} s`, {
          hint: 'see what its tasks and, if it is looked after by it, high availability say in the cluster',
        });
      }
      await pause(clock, 2_000, signal);
      signal.throwIfAborted();
    }
  }

  /** undefined: nobody knows at present. */
  async #statusNow(resourceId: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.#look(resourceId, signal);
    } catch (thrown) {
      if (signal.aborted || asLabError(thrown).next !== 'retry') throw thrown;
      return undefined;
    }
  }

  #warn({ code, message, hint }: LabError): void {
    const { log } = this.#context;
    const text = hint === undefined ? message : `${message}; ${hint}`;
    log[this.#said.has(text) ? 'debug' : 'warn'](text, { code });
    this.#said.add(text);
  }

  #publish(): void {
    if (!this.#closed.signal.aborted) this.#context.publish(this.#picture.resources());
  }
}

const pathOf = ({ node, type, vmid }: GuestRow): string =>
  `/nodes/${encodeURIComponent(node)}/${type}/${vmid}`;
