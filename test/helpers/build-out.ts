import type { Sight } from '../../addon/src/contract/build-out.ts';
import type { LabResource } from '../../addon/src/kinds/index.ts';
import type { Seen } from '../../addon/src/lab/build-out/conditions.ts';
import type { SightOf } from '../../addon/src/lab/build-out/sight.ts';
import { Store } from '../../addon/src/model/store.ts';

/** A thing with what counts here. @param id its third part is the kind, its last the name */
export function thing(id: string, change: object = {}): LabResource {
  const parts = id.split('/');
  const bare = { id, kind: parts[2], name: parts.at(-1), available: true, readings: {}, facts: {} };
  return { ...bare, ...change } as unknown as LabResource;
}

/** A system that answers and was read whole. */
export const sight = (owner: string, kinds: string, change: Partial<Sight & SightOf> = {}): SightOf => ({
  ...{ owner, title: owner.split('/')[1] ?? owner, kinds: kinds.split(' '), reachable: true },
  ...{ unread: [], failing: [], withheld: [] },
  ...change,
});

export const PROXMOX = 'cluster node guest storage pool disk';
export const DOCKER = 'host stack container';
export const UNIFI = 'site gateway switch accesspoint network wlan client';

/** A lab of things that their owners hand in, as the store shows it. */
export function seen(
  things: readonly LabResource[],
  sights: readonly SightOf[] = [],
  troubled: readonly string[] = [],
): Seen {
  const lab = new Store<LabResource>();
  for (const [owner, share] of Map.groupBy(things, ({ id }) => id.split('/', 2).join('/'))) {
    lab.replace(owner, share, sights.find((one) => one.owner === owner)?.reachable ?? true);
  }
  return { lab, sights, troubled: new Set(troubled) };
}
