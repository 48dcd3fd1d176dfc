import type { DockerEngine } from './engine.ts';
import { EngineError } from './errors.ts';

/** A network or volume of an engine. */
export interface SimKept {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const CREATED = '2026-11-01T08:00:00Z';
export const VOLUME_BYTES = 300 * 1024 ** 2;

/** What an engine keeps beside containers and images. */
export class Kept {
  readonly networks = new Map<string, SimKept>();
  /** Those that somebody made; volumes that containers use are there anyhow. */
  readonly volumes = new Map<string, SimKept>();
  readonly #engine: DockerEngine;
  /** Bytes. */
  buildCache = 50 * 1024 ** 2;

  constructor(engine: DockerEngine) {
    this.#engine = engine;
    for (const name of ['bridge', 'host', 'none']) this.networks.set(name, { name, labels: {} });
  }

  /** `GET /networks` */
  networkList(): readonly object[] {
    return [...this.networks.values()].map(({ name, labels }) => ({
      ...{
        Name: name,
        Id: `net-${name}`,
        Created: CREATED,
        Scope: 'local',
        Driver: 'bridge',
        EnableIPv6: false,
      },
      ...{ Internal: false, Attachable: false, Ingress: false, Containers: {}, Options: {}, Labels: labels },
    }));
  }

  /** `GET /volumes` */
  volumeList(): readonly object[] {
    return this.#allVolumes().map(({ name, labels }) => ({
      ...{ Name: name, Driver: 'local', Scope: 'local', CreatedAt: CREATED, Labels: labels, Options: null },
      Mountpoint: `/var/lib/docker/volumes/${name}/_data`,
    }));
  }

  /** The volumes as `GET /system/df` tells them. */
  volumeUsage(): readonly object[] {
    return this.volumeList().map((volume) => ({
      ...volume,
      UsageData: { RefCount: this.#users((volume as { Name: string }).Name), Size: VOLUME_BYTES },
    }));
  }

  /** @throws EngineError 404, 403 */
  removeNetwork(ref: string): void {
    const found = [...this.networks.values()].find(({ name }) => name === ref || `net-${name}` === ref);
    if (found === undefined) throw new EngineError(404, `network ${ref} not found`);
    const uses = this.#engine.containers.some(({ spec, alive }) => alive && spec.networkMode === found.name);
    if (uses)
      throw new EngineError(403, `error while removing network: network ${found.name} has active endpoints`);
    this.networks.delete(found.name);
  }

  /** @throws EngineError 404, 409 */
  removeVolume(name: string): void {
    if (this.#users(name) > 0) throw new EngineError(409, `remove ${name}: volume is in use`);
    // Those that containers made for their copies are told of by who keeps their content.
    const isMade = this.#engine.whenVolumeGoes?.(name) === true;
    if (!this.volumes.delete(name) && !isMade) throw new EngineError(404, `get ${name}: no such volume`);
  }

  #allVolumes(): readonly SimKept[] {
    const used = this.#engine.containers.flatMap(({ spec }) => (spec.mounts ?? []).map(({ from }) => from));
    const named = used.filter((from) => from !== '' && !from.startsWith('/'));
    const found = new Map(named.map((name) => [name, { name, labels: {} } as SimKept]));
    return [...new Map([...found, ...this.volumes]).values()];
  }

  #users(name: string): number {
    return this.#engine.containers.filter(({ spec }) => spec.mounts?.some(({ from }) => from === name))
      .length;
  }
}
