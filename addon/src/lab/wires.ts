import type { LabResource } from '../kinds/index.ts';
import { linksOf } from '../model/resource.ts';

/** Ids of what carries something, each with the keys of those of its ports which do, or `ANY_PORT`. */
export type Wires = ReadonlyMap<string, ReadonlySet<string>>;

/** Which of its ports it is, nobody says: it may be each. */
export const ANY_PORT = '*';
const WITH_PORTS: readonly LabResource['kind'][] = ['gateway', 'switch'];

/**
 * Everything in the network that carries one of `ids`: what it hangs on, what that hangs on, up to the gateway.
 *
 * @returns empty where no switch shows any of them
 */
export function wiresOf(
  ids: Iterable<string>,
  lab: { all(): Iterable<LabResource>; get(id: string): LabResource | undefined },
): Wires {
  const carriers = new Map<string, { readonly from: LabResource; readonly at: string | undefined }[]>();
  for (const from of lab.all()) {
    for (const { type, to, at, via } of linksOf(from)) {
      // What is only heard at an uplink does not hang on it.
      if (type === 'carries' && via === undefined)
        carriers.set(to, [...(carriers.get(to) ?? []), { from, at }]);
    }
  }
  const wires = new Map<string, Set<string>>();
  const reached = [...ids];
  for (const id of reached) {
    for (const { from, at } of carriers.get(id) ?? []) {
      if (!wires.has(from.id)) {
        wires.set(from.id, new Set(uplinksOf(from)));
        reached.push(from.id);
        // What leads to all other networks is above all switches.
        if (
          from.parent !== undefined &&
          lab.get(from.parent)?.kind === 'gateway' &&
          !wires.has(from.parent)
        ) {
          wires.set(from.parent, new Set());
          reached.push(from.parent);
        }
      }
      if (at !== undefined) wires.get(from.id)?.add(at);
      else if (WITH_PORTS.includes(from.kind)) wires.get(from.id)?.add(ANY_PORT);
    }
  }
  for (const [id, ports] of wires) {
    if (ports.size === 0 && WITH_PORTS.includes(lab.get(id)?.kind ?? 'site')) ports.add(ANY_PORT);
  }
  return wires;
}

function uplinksOf({ readings }: LabResource): readonly string[] {
  const { uplinks = [] } = readings as { readonly uplinks?: readonly { readonly key: string }[] };
  return uplinks.map(({ key }) => key);
}
