import type { LoadCurve } from './load.ts';

export type RestartPolicy = 'no' | 'always' | 'unless-stopped' | 'on-failure';

/** What a container is made from: it outlives the container, which is recreated from it. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** Container port (`8096/tcp`) to the host's port; null: exposed, not published. */
  readonly ports?: Readonly<Record<string, number | null>>;
  /** `default` if left out: the engine's own bridge. */
  readonly networkMode?: string;
  readonly restart?: RestartPolicy;
  /** Of `on-failure`; 0 is without end. */
  readonly maximumRetries?: number;
  readonly autoRemove?: boolean;
  readonly health?: HealthCheck;
  /** Bytes. */
  readonly memoryLimit?: number;
  /** Cores. */
  readonly cpuLimit?: number;
  readonly mounts?: readonly MountSpec[];
  /** Writes to a terminal: its log has no frames. */
  readonly tty?: boolean;
  /** Asks for all GPUs. */
  readonly gpu?: boolean;
  /** Seconds that the container asks for until it is killed. */
  readonly stopTimeout?: number;
  /** Milliseconds that it takes to end when told to; the engine's `stopMs` if left out. */
  readonly stopMs?: number;
  /** What it exits with then; 0 if left out. */
  readonly exitOnStop?: number;
  readonly load?: LoadCurve;
}

export interface MountSpec {
  /** A folder of the host (`/srv/media`) or the name of a volume. */
  readonly from: string;
  readonly to: string;
  readonly readOnly?: boolean;
}

export interface HealthCheck {
  /** Shell command, for show. */
  readonly test: string;
  /** 30 s if left out, as in the engine. */
  readonly intervalMs?: number;
}

/** The machine that the engine runs on, and the engine's manners. */
export interface EngineOptions {
  readonly name: string;
  /** Given once and kept, as the engine does. */
  readonly id: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly version: string;
  /** Milliseconds that containers take to end, unless they say otherwise. */
  readonly stopMs: number;
  /** The longest wait for an answer with statistics: a real engine answers when its collector comes round. */
  readonly statsWaitMs: number;
}
