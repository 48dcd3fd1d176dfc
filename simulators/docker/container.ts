import { Counters, type LoadCurve, steady } from './load.ts';
import type { ContainerSpec } from './spec.ts';

export type Status = 'created' | 'running' | 'paused' | 'restarting' | 'exited';

export interface Probe {
  readonly start: bigint;
  readonly end: bigint;
  readonly exitCode: number;
}

export interface LogEntry {
  readonly at: bigint;
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

export interface Health {
  status: 'starting' | 'healthy' | 'unhealthy';
  failingStreak: number;
  /** The last five. */
  log: readonly Probe[];
}

/** One container and its state; who changes it tells the events. */
export class SimContainer {
  readonly id: string;
  spec: ContainerSpec;
  /** Of the image that it was made from. */
  readonly imageId: string;
  createdAt: bigint;
  /** Last part of its address. */
  readonly number: number;
  status: Status = 'created';
  exitCode = 0;
  oomKilled = false;
  pid = 0;
  startedAt: bigint | undefined;
  finishedAt: bigint | undefined;
  restartCount = 0;
  /** Then no policy restarts it. */
  manuallyStopped = false;
  /** undefined: it has no health check. */
  health: Health | undefined;
  /** What the health check would find. */
  well = true;
  load: LoadCurve;
  counters = new Counters(0);
  /** What it wrote, the oldest first. */
  readonly log: LogEntry[] = [];
  /** Restarts in a row, each of which doubles the wait for the next. */
  hurries = 0;
  cancelRestart: () => void = () => {};
  cancelProbe: () => void = () => {};

  constructor(id: string, spec: ContainerSpec, imageId: string, createdAt: bigint, number: number) {
    this.imageId = imageId;
    this.id = id;
    this.spec = spec;
    this.createdAt = createdAt;
    this.number = number;
    this.load = spec.load ?? steady();
    if (spec.health !== undefined) this.health = { status: 'starting', failingStreak: 0, log: [] };
  }

  get name(): string {
    return this.spec.name;
  }

  /** What the engine calls `Running`: also while it is paused or about to be started again. */
  get alive(): boolean {
    return this.status === 'running' || this.status === 'paused' || this.status === 'restarting';
  }

  /** Its process exists. */
  get hasProcess(): boolean {
    return this.status === 'running' || this.status === 'paused';
  }

  started(at: bigint, pid: number): void {
    this.status = 'running';
    this.exitCode = 0;
    this.oomKilled = false;
    this.pid = pid;
    this.startedAt = at;
    this.manuallyStopped = false;
    this.counters = new Counters(Number(at / 1_000_000n));
    if (this.health !== undefined) this.health = { ...this.health, status: 'starting', failingStreak: 0 };
  }

  /** As if it had been created and started so much earlier. */
  backdate(ms: number): void {
    const nanoseconds = BigInt(ms) * 1_000_000n;
    this.createdAt -= nanoseconds;
    if (this.startedAt === undefined) return;
    this.startedAt -= nanoseconds;
    this.counters = new Counters(Number(this.startedAt / 1_000_000n));
  }

  ended(at: bigint, exitCode: number, status: 'exited' | 'restarting'): void {
    this.status = status;
    this.exitCode = exitCode;
    this.pid = 0;
    this.finishedAt = at;
    this.stopProbing();
  }

  /** The engine takes a container that it cannot check for unhealthy, and tells no event. */
  stopProbing(): void {
    this.cancelProbe();
    if (this.health !== undefined) this.health.status = 'unhealthy';
  }

  /** Brings the counters up to date. */
  count(now: number): void {
    if (this.status === 'running') this.counters.advance(now, this.load);
    else this.counters.skip(now);
  }

  /** Whether its restart policy starts it again after this end. */
  comesBack(exitCode: number): boolean {
    const { restart = 'no', maximumRetries = 0 } = this.spec;
    if (this.manuallyStopped || restart === 'no') return false;
    if (restart !== 'on-failure') return true;
    return exitCode !== 0 && (maximumRetries === 0 || this.restartCount < maximumRetries);
  }

  cancelTimers(): void {
    this.cancelRestart();
    this.cancelProbe();
  }
}
