import type { Home } from './home.ts';

/** What Home Assistant has of ours: the ids that it gave, and whether each entity lives. */
export interface Ours {
  /** Registry id, by identifier. */
  readonly devices: Readonly<Record<string, string>>;
  /** By unique id. */
  readonly entities: Readonly<Record<string, OurEntity>>;
}

export interface OurEntity {
  /** Of the registry. */
  readonly id: string;
  readonly entityId: string;
  readonly deviceId: string | null;
  /** A `ghost` is in the registry, and nobody looks after it. */
  readonly life: 'available' | 'unavailable' | 'disabled' | 'ghost';
}

/** @throws Error when one of our devices has no name: what `via_device` to an unknown one would make */
export async function ours(home: Home): Promise<Ours> {
  const [devices, entities] = await Promise.all([home.devices(), home.entities()]);
  const own = devices.flatMap(({ identifiers, ...rest }) => {
    const identifier = identifiers.find(([, id]) => id.startsWith('labkeeper_'))?.[1];
    return identifier === undefined ? [] : [{ identifier, ...rest }];
  });
  for (const { identifier, name } of own) if (!name) throw new Error(`${identifier} has no name`);
  return {
    devices: Object.fromEntries(own.map(({ identifier, id }) => [identifier, id])),
    entities: Object.fromEntries(
      entities
        .filter(({ unique_id }) => unique_id.startsWith('labkeeper_'))
        .map(({ unique_id, id, entity_id, device_id, disabled_by }) => {
          const life = disabled_by === null ? lifeOf(home, entity_id) : 'disabled';
          return [unique_id, { id, entityId: entity_id, deviceId: device_id, life }];
        }),
    ),
  };
}

function lifeOf(home: Home, entityId: string): OurEntity['life'] {
  const entity = home.states[entityId];
  if (entity === undefined || entity.attributes.restored === true) return 'ghost';
  return entity.state === 'unavailable' ? 'unavailable' : 'available';
}
