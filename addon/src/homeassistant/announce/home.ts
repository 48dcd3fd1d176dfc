import type { HomeAssistantClient } from '../client.ts';

/** As in the compact list of the entity registry. */
interface ListedEntity {
  readonly ei: string;
  readonly di?: string;
  readonly ai?: string;
  readonly hb?: boolean;
  readonly pl?: string;
}

export interface Area {
  readonly area_id: string;
  readonly name: string;
}

export interface HomeState {
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Something that may be able to speak, and where it is. */
export interface HomeEntity {
  readonly id: string;
  /** undefined: there is no such entity, or it does not live. */
  readonly state: HomeState | undefined;
  readonly device: string | undefined;
  readonly area: string | undefined;
  readonly isHidden: boolean;
}

/** Home Assistant's areas, and what of it may speak. */
export interface HomePlan {
  readonly areas: readonly Area[];
  readonly entities: readonly HomeEntity[];
  /** Entity ids of text-to-speech that speaks over Wyoming. */
  readonly wyoming: readonly string[];
}

const SPEAKS = /^(media_player|assist_satellite)\./;

type Client = Pick<HomeAssistantClient, 'ask' | 'first'>;

/** @param asked entity ids that are looked at as well: what was set up in YAML is in no registry */
export async function planOfHome(client: Client, asked: readonly string[]): Promise<HomePlan> {
  const [areas, devices, { entities: listed }] = await Promise.all([
    client.ask<readonly Area[]>({ type: 'config/area_registry/list' }),
    client.ask<readonly { readonly id: string; readonly area_id: string | null }[]>({
      type: 'config/device_registry/list',
    }),
    client.ask<{ readonly entities: readonly ListedEntity[] }>({
      type: 'config/entity_registry/list_for_display',
    }),
  ]);
  const areaOf = new Map(devices.map(({ id, area_id }) => [id, area_id ?? undefined]));
  const speaking = new Map(listed.filter(({ ei }) => SPEAKS.test(ei)).map((entity) => [entity.ei, entity]));
  const ids = [...new Set([...speaking.keys(), ...asked.filter((id) => SPEAKS.test(id))])];
  const states = await statesOf(client, ids);
  return {
    areas,
    entities: ids.map((id) => {
      const { di: device, ai, hb = false } = speaking.get(id) ?? {};
      const area = ai ?? (device === undefined ? undefined : areaOf.get(device));
      return { id, state: states.get(id), device, area, isHidden: hb };
    }),
    wyoming: listed.filter(({ ei, pl }) => ei.startsWith('tts.') && pl === 'wyoming').map(({ ei }) => ei),
  };
}

/** Those that live, by their ids. */
export async function statesOf(
  client: Pick<HomeAssistantClient, 'first'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, HomeState>> {
  if (ids.length === 0) return new Map();
  const { a: added = {} } = await client.first<{
    readonly a?: Readonly<
      Record<string, { readonly s: string; readonly a: Readonly<Record<string, unknown>> }>
    >;
  }>({ type: 'subscribe_entities', entity_ids: ids });
  return new Map(
    Object.entries(added).map(([id, { s: state, a: attributes }]) => [id, { state, attributes }]),
  );
}
