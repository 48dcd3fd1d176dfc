import type { LabResource } from '../kinds/index.ts';
import { type AnyRow, choicesOf, mostOf, publishedRows, readingOf } from './published-rows.ts';
import type { EntitySettings } from './settings.ts';
import { topicsOf } from './topics.ts';

/** Characters. */
const LONGEST = 255;

/** What an earlier run published and this one has not read yet. */
export interface Late {
  /** Keys of components. */
  readonly keys: readonly string[];
  /** Everything that the earlier run had the broker keep. */
  readonly topics: readonly string[];
}

const NOTHING_LATE: Late = { keys: [], topics: [] };

/**
 * The retained messages that say how a resource is, by topic. Every published row's key is in its JSON, always; a picture
 * has its own topic, and none while there is none.
 *
 * @param tell what to tell of a row's value, if not the value itself: it may have changed too little
 * @param late what Home Assistant still has, and of which nothing is known yet
 */
export function statesOf(
  resource: LabResource,
  settings: EntitySettings,
  tell: (row: AnyRow, value: unknown) => unknown = (_, value) => value,
  late: Late = NOTHING_LATE,
): ReadonlyMap<string, string> {
  const topics = topicsOf(resource.id, settings);
  const messages = new Map<string, string>();
  const rows = publishedRows(resource, settings);
  // On which topic each was is not known any more; a key too many does no harm.
  const unknown = late.keys.map((key) => [key, null] as const);
  for (const topic of ['state', 'metrics'] as const) {
    const shown = rows.filter((row) => 'topic' in row && row.topic === topic);
    // Home Assistant reads no components of what is emptied, and complains of it.
    const isAwaited = unknown.length > 0 && late.topics.includes(topics[topic]);
    if (shown.length === 0 && !isAwaited) continue;
    const known = shown.map((row) => [row.key, tell(row, shownValue(row, resource))] as const);
    const values = Object.fromEntries([...unknown, ...known]);
    messages.set(topics[topic], JSON.stringify(values));
  }
  for (const row of rows) {
    const picture = row.platform === 'image' ? readingOf(row, resource) : null;
    if (typeof picture === 'string') messages.set(topics.image(row.key), picture);
  }
  // Last: by the time that a device counts as available its states are there.
  messages.set(topics.availability, resource.available ? 'online' : 'offline');
  return messages;
}

function shownValue(row: AnyRow, resource: LabResource): unknown {
  const reading = readingOf(row, resource);
  if (reading === null) return null;
  if (row.platform === 'update') return versionsOf(row, reading, resource);
  // Home Assistant writes an error for each that is beyond its bounds, as when somebody turned the knob.
  if (row.platform === 'number' && !(Number(reading) >= 0 && Number(reading) <= mostOf(row, resource)))
    return null;
  if (row.platform === 'select' && !choicesOf(row, resource).includes(String(reading))) return null;
  if (typeof reading === 'boolean') return reading ? 'ON' : 'OFF';
  if (typeof reading === 'number' && 'decimals' in row && row.decimals !== undefined) {
    return Number(reading.toFixed(row.decimals));
  }
  return typeof reading === 'string' ? short(reading) : reading;
}

/** As Home Assistant's `update` wants it: texts only. null: not known whether there is something newer. */
function versionsOf(
  row: AnyRow & { readonly platform: 'update' },
  installed: unknown,
  resource: LabResource,
): unknown {
  const readings = (row.item ?? resource.readings) as Readonly<Record<string, unknown>>;
  const latest = readings[row.latest] ?? null;
  if (latest === null) return null;
  const summary = row.summary === undefined ? undefined : String(readings[row.summary] ?? '');
  const percent = row.progress === undefined ? undefined : readings[row.progress];
  const link = row.link === undefined ? undefined : readings[row.link];
  return {
    installed_version: short(String(installed)),
    latest_version: short(String(latest)),
    ...(summary !== undefined && { release_summary: short(summary) }),
    // Home Assistant keeps what it is not told anew.
    ...(row.progress !== undefined && { in_progress: percent != null, update_percentage: percent ?? null }),
    ...(isLink(link) && { release_url: link }),
  };
}

/** Of anything else Home Assistant would drop the whole message. */
const isLink = (text: unknown): text is string =>
  typeof text === 'string' && text.startsWith('https://') && text.length <= LONGEST && URL.canParse(text);

/** Home Assistant refuses longer states, with an error in its log for each. */
const short = (value: string): string => [...value].slice(0, LONGEST).join('');
