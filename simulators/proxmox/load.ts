import { noise } from './chance.ts';

/** What a running guest uses at one moment. */
export interface Load {
  /** Of the CPUs that it has: 0.5 is half of all of them. */
  readonly cpu: number;
  /** Of the memory that it has, from 0 to 1. */
  readonly memory: number;
  /** Bytes a second, each. */
  readonly netin: number;
  readonly netout: number;
  readonly diskread: number;
  readonly diskwrite: number;
}

/** @param at milliseconds since 1970 */
export type LoadCurve = (at: number) => Load;

const IDLE: Load = {
  cpu: 0.01,
  memory: 0.3,
  netin: 1_200,
  netout: 700,
  diskread: 0,
  diskwrite: 9_000,
};

export function steady(load: Partial<Load> = {}): LoadCurve {
  const complete = { ...IDLE, ...load };
  return () => complete;
}

/**
 * Slow waves, a day's round and some noise between what it uses at least and at most.
 *
 * @param seed decides where in the waves it begins
 */
export function living(least: Partial<Load>, most: Partial<Load>, seed: number): LoadCurve {
  const low = { ...IDLE, ...least };
  const high = { ...low, ...most };
  return (at) => {
    const share = busyness(at, seed);
    const between = (key: keyof Load): number => low[key] + (high[key] - low[key]) * share;
    return {
      cpu: between('cpu'),
      memory: low.memory + (high.memory - low.memory) * wave(at, 5_400_000, seed),
      netin: between('netin'),
      netout: between('netout'),
      diskread: between('diskread'),
      diskwrite: between('diskwrite'),
    };
  };
}

/** From 0 to 1. */
function busyness(at: number, seed: number): number {
  const drift = (wave(at, 97_000, seed) + wave(at, 311_000, seed * 3) + wave(at, 1_013_000, seed * 7)) / 3;
  const day = (1 - Math.cos(((at / 3_600_000 - 6) / 24) * 2 * Math.PI)) / 2;
  const jitter = noise(Math.floor(at / 10_000) + seed * 7_919) * 0.08;
  return Math.min(1, Math.max(0, drift * (0.35 + 0.65 * day) + jitter));
}

const wave = (at: number, length: number, phase: number): number =>
  (Math.sin((at / length) * 2 * Math.PI + phase) + 1) / 2;

const COUNTED = ['netin', 'netout', 'diskread', 'diskwrite'] as const;

/** However long nobody looked, no more than this many points of a curve are taken. */
const MOST_STEPS = 60;
const STEP_MS = 10_000;

/** Bytes since the guest's start: the load added up over the time that it ran. */
export class Counters {
  readonly #bytes = { netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
  #until: number;

  constructor(startedAt: number) {
    this.#until = startedAt;
  }

  get netin(): number {
    return Math.floor(this.#bytes.netin);
  }
  get netout(): number {
    return Math.floor(this.#bytes.netout);
  }
  get diskread(): number {
    return Math.floor(this.#bytes.diskread);
  }
  get diskwrite(): number {
    return Math.floor(this.#bytes.diskwrite);
  }

  /** Counts on to `at`. */
  advance(at: number, curve: LoadCurve): void {
    const elapsed = at - this.#until;
    if (elapsed <= 0) return;
    const steps = Math.min(MOST_STEPS, Math.ceil(elapsed / STEP_MS));
    const step = elapsed / steps;
    for (let index = 0; index < steps; index += 1) {
      const load = curve(this.#until + (index + 0.5) * step);
      for (const key of COUNTED) this.#bytes[key] += (load[key] * step) / 1_000;
    }
    this.#until = at;
  }

  /** Leaves out the time up to `at`, in which the guest was paused. */
  skip(at: number): void {
    this.#until = at;
  }
}
