import type { Clock } from '../../addon/src/core/clock.ts';
import type { SimGuest } from './guest.ts';
import type { SimNode } from './node.ts';
import { type NodeUse, usageOf } from './usage.ts';

/** Every so often a node's pvestatd tells the cluster how it and its guests are. */
const EVERY_MS = 10_000;
/** After this the cluster forgets what a silent node told last. */
const FORGOTTEN_MS = 300_000;

/** What was told of one guest; the cluster knows nothing newer. */
export interface GuestNews {
  readonly at: number;
  readonly uptime: number;
  readonly name: string;
  /** Of a VM what QEMU itself says. */
  readonly status: 'running' | 'stopped' | 'paused';
  readonly template: 0 | 1;
  readonly maxcpu: number;
  readonly cpu: number;
  readonly maxmem: number;
  readonly mem: number;
  readonly memhost: number;
  readonly maxdisk: number;
  readonly disk: number;
  readonly netin: number;
  readonly netout: number;
  readonly diskread: number;
  readonly diskwrite: number;
}

export interface NodeNews extends NodeUse {
  readonly at: number;
  readonly uptime: number;
}

/** What of the cluster is told. */
export interface Told {
  readonly nodes: readonly SimNode[];
  guestsOn(node: string): readonly SimGuest[];
}

/** What all nodes know of each other: as old as the last round. */
export class Broadcast {
  readonly #clock: Clock;
  readonly #told: Told;
  readonly #guests = new Map<number, GuestNews>();
  readonly #nodes = new Map<string, NodeNews>();
  #cancel: () => void = () => {};

  constructor(clock: Clock, told: Told) {
    this.#clock = clock;
    this.#told = told;
  }

  /** Tells now, and from now on in rounds. */
  begin(): void {
    this.#cancel();
    this.tell();
    const round = (): void => {
      this.tell();
      this.#cancel = this.#clock.after(EVERY_MS, round);
    };
    this.#cancel = this.#clock.after(EVERY_MS, round);
  }

  end(): void {
    this.#cancel();
  }

  /** One round, now. */
  tell(): void {
    const now = this.#clock.now();
    for (const node of this.#told.nodes) {
      if (!node.online || node.silent) continue;
      const guests = this.#told.guestsOn(node.name);
      for (const guest of guests) this.#guests.set(guest.vmid, newsOf(guest, now));
      this.#nodes.set(node.name, { at: now, uptime: node.uptime(now), ...usageOf(node, guests, now) });
    }
  }

  guest(vmid: number): GuestNews | undefined {
    return this.#fresh(this.#guests.get(vmid));
  }

  node(name: string): NodeNews | undefined {
    return this.#fresh(this.#nodes.get(name));
  }

  /** A new guest of the same number has nothing to do with the old one. */
  forget(vmid: number): void {
    this.#guests.delete(vmid);
  }

  #fresh<News extends { readonly at: number }>(news: News | undefined): News | undefined {
    return news === undefined || this.#clock.now() - news.at > FORGOTTEN_MS ? undefined : news;
  }
}

function newsOf(guest: SimGuest, now: number): GuestNews {
  guest.count(now);
  const { spec, counters } = guest;
  const load = guest.loadAt(now);
  const mem = memoryOf(guest, now);
  return {
    at: now,
    uptime: guest.uptime(now),
    name: guest.name,
    status: guest.paused ? 'paused' : guest.status,
    template: spec.template === true ? 1 : 0,
    maxcpu: spec.cores,
    cpu: load.cpu,
    maxmem: spec.memory,
    mem,
    memhost: guest.type === 'qemu' ? hostMemoryOf(guest, now) : 0,
    maxdisk: spec.disk,
    disk: diskOf(guest),
    netin: counters.netin,
    netout: counters.netout,
    diskread: counters.diskread,
    diskwrite: counters.diskwrite,
  };
}

/** Bytes that the guest itself says it uses; Proxmox VE asks the balloon, for a container the cgroup. */
export const memoryOf = (guest: SimGuest, now: number): number =>
  Math.floor(guest.loadAt(now).memory * guest.spec.memory);

/** Bytes that a VM's process takes: what a guest touched once stays with it. */
export const hostMemoryOf = (guest: SimGuest, now: number): number =>
  guest.running ? Math.floor(guest.spec.memory * Math.min(1.02, 0.35 + 0.7 * guest.loadAt(now).memory)) : 0;

/** Bytes used on its disk; of a VM's disk Proxmox VE cannot know. */
export const diskOf = (guest: SimGuest): number =>
  guest.type === 'lxc' && guest.running ? Math.floor(guest.spec.disk * 0.31) : 0;
