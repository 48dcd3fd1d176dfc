import type { Chance } from './chance.ts';
import { Counters, type Load, type LoadCurve, steady } from './load.ts';
import type { GuestSpec, GuestType } from './spec.ts';
import type { SimTask } from './tasks.ts';

const AGENT_BOOT_MS = 20_000;

/** A virtual machine or container. Its tasks (power.ts, moves.ts) and tests change it. */
export class SimGuest {
  spec: GuestSpec;
  node: string;
  readonly uuid: string;
  /** Another one after each rollback. */
  vmgenid: string;
  mac: string;
  /** Seconds since 1970. */
  readonly created: number;
  status: 'running' | 'stopped' = 'stopped';
  /** A paused VM still runs, as far as `status` says. */
  paused = false;
  /** The configuration's `lock`: `backup`, `migrate`, `suspended` … Starting and stopping set none. */
  lock: string | undefined;
  pid = 0;
  startedAt = 0;
  load: LoadCurve;
  counters = new Counters(0);
  /** The worker that holds the lock file, on which others wait. */
  heldBy: SimTask | undefined;
  /** What each start fails with from now on. */
  startError: string | undefined;
  /** What each migration fails with from now on. */
  migrateError: string | undefined;
  /** It does not hear when it is asked to shut down. */
  ignoresShutdown = false;
  /** What its agent was told to run, and by which process id. */
  readonly executed: { readonly pid: number; readonly command: readonly string[] }[] = [];
  /** Process ids whose result was handed out. */
  readonly collected = new Set<number>();
  /** What a program that its agent runs writes; undefined: it does not end. */
  answer: (command: readonly string[]) => string | undefined = () => '';
  /** Its agent is configured, but does not answer. */
  agentSilent = false;
  /** It is being made: its configuration holds a lock and nothing else. */
  isBare = false;

  constructor(spec: GuestSpec, chance: Chance, now: number) {
    this.spec = spec;
    this.node = spec.node;
    this.uuid = spec.uuid ?? chance.uuid();
    this.vmgenid = spec.vmgenid ?? chance.uuid();
    this.mac = spec.mac ?? chance.mac();
    this.created = Math.floor((now - (spec.upMs ?? 0)) / 1_000) - 86_400;
    this.load = spec.load ?? steady();
    if (spec.upMs !== undefined) this.started(now - spec.upMs, 1_000 + Math.floor(chance.next() * 60_000));
  }

  get vmid(): number {
    return this.spec.vmid;
  }
  get type(): GuestType {
    return this.spec.type;
  }
  get name(): string {
    if (this.isBare) return this.type === 'qemu' ? `VM ${this.vmid}` : `CT${this.vmid}`;
    return this.spec.name;
  }
  /** As in `/var/lock` and in errors: `VM` or `CT`. */
  get kind(): 'VM' | 'CT' {
    return this.type === 'qemu' ? 'VM' : 'CT';
  }
  /** Its name with high availability. */
  get sid(): string {
    return `${this.kind.toLowerCase()}:${this.vmid}`;
  }
  get running(): boolean {
    return this.status === 'running';
  }
  get tags(): string | undefined {
    const { tags } = this.spec;
    return tags === undefined || tags.length === 0 ? undefined : tags.join(';');
  }
  /** In the cluster's file system. */
  get configFile(): string {
    return `nodes/${this.node}/${this.type === 'qemu' ? 'qemu-server' : 'lxc'}/${this.vmid}.conf`;
  }

  /** Whole seconds, 0 while it is stopped. */
  uptime(now: number): number {
    return this.running ? Math.floor((now - this.startedAt) / 1_000) : 0;
  }

  agentAnswers(now: number): boolean {
    const { agent } = this.spec;
    if (agent === undefined || !this.running || this.paused || this.agentSilent) return false;
    return now - this.startedAt >= (agent.bootMs ?? AGENT_BOOT_MS);
  }

  /** What it uses at this moment: nothing, if it does not run. */
  loadAt(now: number): Load {
    const idle = { cpu: 0, memory: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
    if (!this.running) return idle;
    const load = this.load(now);
    return this.paused ? { ...idle, memory: load.memory } : load;
  }

  /** Brings the counters up to date; call before anything that changes how they go on. */
  count(now: number): void {
    if (this.running && !this.paused) this.counters.advance(now, this.load);
    else this.counters.skip(now);
  }

  started(at: number, pid: number): void {
    this.status = 'running';
    this.paused = false;
    this.pid = pid;
    this.startedAt = at;
    this.counters = new Counters(at);
  }

  stopped(): void {
    this.status = 'stopped';
    this.paused = false;
    this.pid = 0;
    this.counters = new Counters(0);
  }
}
