import type { EntitySettings } from '../entities/settings.ts';
import { bridgeTopic, topicsOfObject } from '../entities/topics.ts';
import type { Entry } from './ledger.ts';

const ORIGIN = 'Labkeeper';

/**
 * A discovery payload that the broker kept from a run of which the ledger knows nothing, as an entry; undefined if it is
 * not of this very app. Anybody can publish such a payload: what is taken from it never names a topic.
 */
export function adopted(objectId: string, payload: string, settings: EntitySettings): Entry | undefined {
  // Most devices of a home are not ours, and need not be parsed.
  if (!payload.includes(ORIGIN)) return undefined;
  const found = parse(payload);
  if (found?.origin?.name !== ORIGIN || !Array.isArray(found.availability)) return undefined;
  // Another app's devices are available by its own bridge.
  if (found.availability[0]?.topic !== bridgeTopic(settings)) return undefined;
  if (String(found.device?.identifiers) !== `labkeeper_${objectId}`) return undefined;
  const topics = topicsOfObject(objectId, settings);
  const components = Object.entries(found.components ?? {});
  const own = settings.site === '' ? objectId : objectId.slice(settings.site.length + 1);
  const via = String(found.device?.via_device ?? '');
  return {
    objectId,
    discovery: topics.discovery,
    base: settings.base,
    owner: own.split('_', 2).join('/'),
    resource: null,
    name: String(found.device?.name ?? objectId),
    entityIds: entityIdsIn(components) ?? '',
    parent: via.startsWith('labkeeper_') ? via.slice('labkeeper_'.length) : null,
    topics: [topics.state, topics.metrics, topics.availability],
    components: Object.fromEntries(components.map(([key, { platform }]) => [key, String(platform)])),
  };
}

interface Found {
  origin?: { name?: unknown };
  availability?: { topic?: unknown }[];
  device?: { identifiers?: unknown; name?: unknown; via_device?: unknown };
  components?: Record<string, { platform?: unknown; default_entity_id?: unknown }>;
}

function parse(payload: string): Found | undefined {
  try {
    return JSON.parse(payload) as Found;
  } catch {
    return undefined;
  }
}

/** What stands before the key in `sensor.plex_cpu`. */
function entityIdsIn(components: readonly (readonly [string, { default_entity_id?: unknown }])[]) {
  for (const [key, { default_entity_id }] of components) {
    const [, rest = ''] = String(default_entity_id).split('.', 2);
    if (rest.endsWith(`_${key}`)) return rest.slice(0, -key.length - 1);
  }
  return undefined;
}
