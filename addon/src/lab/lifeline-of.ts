import type { LabResource } from '../kinds/index.ts';
import { alias, linksOf } from '../model/resource.ts';

/**
 * What Labkeeper needs to live: what it runs on, what contains that, and the storage that these use.
 *
 * @param place id of what it runs on
 * @returns ids, `place` first
 */
export function lifelineOf(place: string, get: (id: string) => LabResource | undefined): ReadonlySet<string> {
  const lifeline = new Set<string>();
  for (let one = get(place); one !== undefined && !lifeline.has(one.id); one = get(one.parent ?? '')) {
    lifeline.add(one.id);
    for (const { type, to } of linksOf(one)) if (type === 'uses_storage') lifeline.add(to);
  }
  return lifeline;
}

/** Where the broker answers. */
export interface BrokerPlace {
  readonly host: string;
  readonly port: number;
}

const KINDS: readonly LabResource['kind'][] = ['guest', 'container', 'host', 'node'];

/**
 * Ids of what the broker may run on, of what contains that, and of the storage that these use: whoever bears its address,
 * or publishes its port. One that is reached by a name of Home Assistant’s own network, or here, is not looked for.
 */
export function brokerLifeline(
  broker: BrokerPlace | undefined,
  lab: { all(): Iterable<LabResource>; get(id: string): LabResource | undefined },
): ReadonlySet<string> {
  if (broker === undefined || /^(localhost|127\.|::1$)/.test(broker.host)) return new Set();
  const { host, port } = broker;
  const names = /^[\d.]+$|:/.test(host)
    ? [alias('ip', host)]
    : [host, host.split('.')[0] ?? host].map((name) => alias('hostname', name));
  const wanted = new Set<string>([...names, alias('endpoint', `${host}:${port}`)]);
  const places = [...lab.all()].filter(
    ({ kind, aliases = [] }) => KINDS.includes(kind) && aliases.some((each) => wanted.has(each)),
  );
  return new Set(places.flatMap(({ id }) => [...lifelineOf(id, (one) => lab.get(one))]));
}
