import type { LabView, Reading, Thing } from './thing.ts';

/** One port of a switch, as far as its readings tell. */
export interface Port {
  /** As it is written on the switch. */
  readonly number: string;
  readonly title: string;
  readonly up: boolean;
  /** Mbit/s */
  readonly speed: number | undefined;
  /** That it delivers over the wire. */
  readonly watts: number | undefined;
  /** What hangs there. */
  readonly things: readonly Thing[];
  readonly entity: string | undefined;
}

const PORT = /^(port_(\d+))_link$/;

/** The ports of a switch by their numbers. */
export function portsOf(lab: LabView, { readings, links }: Thing): readonly Port[] {
  return Object.values(readings)
    .flatMap((reading) => {
      const found = PORT.exec(reading.key);
      if (found === null) return [];
      const [, item = '', number = ''] = found;
      const read = (key: string): number | undefined => numberOf(readings[`${item}_${key}`]);
      const things = links
        .filter(({ at, type }) => at === item && type === 'carries')
        .flatMap(({ to }) => lab.things.get(to) ?? []);
      return {
        ...{ number, title: titleOf(reading, number), up: reading.value === true },
        ...{ speed: read('speed'), watts: read('poe_power'), things, entity: reading.entity },
      };
    })
    .sort((a, b) => Number(a.number) - Number(b.number));
}

/** The item's own name, without what its reading is called. */
function titleOf({ name }: Reading, number: string): string {
  return name?.replace(/\s+(link|verbindung)$/i, '') ?? number;
}

const numberOf = (reading: Reading | undefined): number | undefined =>
  typeof reading?.value === 'number' ? reading.value : undefined;

export interface Wan {
  readonly title: string;
  readonly up: boolean | undefined;
  readonly ip: string | undefined;
  /** ms */
  readonly latency: number | undefined;
}

/** The ways out of a gateway. */
export function wansOf({ readings }: Thing): readonly Wan[] {
  return Object.values(readings).flatMap(({ key, value, name }) => {
    const [, item] = /^(wan\d*)_up$/.exec(key) ?? [];
    if (item === undefined) return [];
    const ip = readings[`${item}_ip`]?.value;
    return {
      title: name?.split(' ')[0] || item.toUpperCase(),
      up: typeof value === 'boolean' ? value : undefined,
      ip: typeof ip === 'string' ? ip : undefined,
      latency: numberOf(readings[`${item}_latency`]),
    };
  });
}

/** Who lives on a network: what it carries, its WLANs, and clients that name it. */
export function residentsOf(lab: LabView, network: Thing): readonly Thing[] {
  const found = new Set<Thing>();
  for (const { type, to } of network.links) {
    const thing = lab.things.get(to);
    if (type === 'carries' && thing !== undefined) found.add(thing);
  }
  const bare = network.name.replace(/ \([^()]*\)$/, '');
  for (const thing of lab.things.values()) {
    const member = thing.links.some(({ type, to }) => type === 'member_of' && to === network.id);
    const named = ['client', 'wlan'].includes(thing.kind) && thing.readings.network?.value === bare;
    if (member || named) found.add(thing);
  }
  return [...found];
}
