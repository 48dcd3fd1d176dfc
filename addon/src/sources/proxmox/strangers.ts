import type { Log } from '../../core/log.ts';

/** Fields of `GET /cluster/resources`, of every type, used or not. */
const RESOURCE = new Set([
  ...['id', 'type', 'vmid', 'node', 'status', 'name', 'template', 'lock', 'tags', 'pool', 'hastate', 'level'],
  ...['cpu', 'maxcpu', 'mem', 'memhost', 'maxmem', 'disk', 'maxdisk', 'uptime', 'netin', 'netout'],
  ...['diskread', 'diskwrite', 'storage', 'shared', 'content', 'plugintype', 'cgroup-mode', 'sdn'],
  ...['network', 'network-type', 'protocol', 'zone-type'],
]);

/** Says of fields that Labkeeper does not know that they are there: each once, for whoever looks for news. */
export class Strangers {
  readonly #log: Log;
  readonly #said = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param rows of `GET /cluster/resources` */
  inResources(rows: readonly object[]): void {
    for (const row of rows) {
      for (const field of Object.keys(row)) {
        const { type = '' } = row as { readonly type?: string };
        const what = `${type}.${field}`;
        if (RESOURCE.has(field) || this.#said.has(what)) continue;
        this.#said.add(what);
        this.#log.debug('a field of /cluster/resources is not known', { type, field });
      }
    }
  }
}
