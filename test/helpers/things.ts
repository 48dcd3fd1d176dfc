import type { Doubt } from '../../addon/src/model/doubt.ts';
import { type Alias, alias, type Resource } from '../../addon/src/model/resource.ts';
import { type Diff, Store, type StoreOptions } from '../../addon/src/model/store.ts';

/** Two facts that identify the machine under a Docker engine, and two that only hint at it. */
export const SMBIOS = alias('smbios', '4c4c4544-0042-3510-8052-b4c04f564d33');
export const MAC = alias('mac', 'bc:24:11:01:02:03');
export const IP = alias('ip', '10.0.20.5');
export const HOSTNAME = alias('hostname', 'docker1');

/** @param id its third part is the kind, its last the name */
export function aThing(id: string, change: Partial<Resource> = {}): Resource {
  const parts = id.split('/');
  return {
    id,
    kind: parts[2] ?? '',
    name: parts.at(-1) ?? '',
    readings: {},
    facts: {},
    available: true,
    ...change,
  };
}

export const aHost = (...parentKnownBy: Alias[]): Resource =>
  aThing('docker/nas/host/engine', { parentKnownBy });
export const aGuest = (vmid: string, ...aliases: Alias[]): Resource =>
  aThing(`proxmox/home/guest/${vmid}`, { aliases });

/** A store, with all that it told. */
export class Told {
  readonly store: Store<Resource>;
  readonly diffs: Diff<Resource>[] = [];
  readonly doubts: (readonly Doubt[])[] = [];

  constructor(options: StoreOptions = {}) {
    this.store = new Store(options);
    this.store.subscribe((diff) => this.diffs.push(diff));
    this.store.subscribeDoubts((doubts) => this.doubts.push(doubts));
  }

  /** Hands in each resource's owner's whole share. */
  give(...resources: readonly Resource[]): void {
    const shares = Map.groupBy(resources, ({ id }) => id.split('/', 2).join('/'));
    for (const [owner, share] of shares) this.store.replace(owner, share);
  }

  parent(id: string): string | undefined {
    return this.store.get(id)?.parent;
  }

  ids(): readonly string[] {
    return [...this.store.all()].map(({ id }) => id);
  }
}
