import type { SourceEvent } from '../../contract/source.ts';
import type { NETWORK_EVENTS } from '../../kinds/site.ts';
import { isoOf, said } from './units.ts';
import type { LogRow } from './wire.ts';

type EventType = (typeof NETWORK_EVENTS)[number];

/** Which client came and went: its tracker tells that. And who logged in or set something, as we do ourselves. */
const NO_NEWS = ['CLIENT_DEVICES', 'ADMIN', 'ADMIN_ACTIVITY', 'AUDIT'];

/** By the words in an entry's key; the list of keys is long, undocumented and grows. */
const TYPES: readonly (readonly [RegExp, EventType])[] = [
  [/RECONNECTED|_ONLINE|DEVICE_CONNECTED|ADOPTED/, 'device_back'],
  [/DISCONNECTED|OFFLINE|UNREACHABLE|LOST/, 'device_lost'],
  [/RESTART|REBOOT/, 'device_restarted'],
  [/UPGRADE|FIRMWARE|UPDATED/, 'device_upgraded'],
];

/** What an entry of the log of newer controllers tells; undefined: nothing to tell of. */
export function logEventOf(row: LogRow): SourceEvent | undefined {
  const { key = '', category = '', timestamp } = row;
  if (NO_NEWS.includes(category)) return undefined;
  return {
    event_type: typeOf(key, category),
    message: messageOf(row),
    code: said(key),
    time: typeof timestamp === 'number' ? isoOf(timestamp) : null,
  };
}

function typeOf(key: string, category: string): EventType {
  if (/INTERNET|WAN/.test(category) || /^(WAN|INTERNET|ISP)_/.test(key)) return 'wan_changed';
  if (category === 'SECURITY' || /THREAT/.test(key)) return 'threat';
  return TYPES.find(([pattern]) => pattern.test(key))?.[1] ?? 'other';
}

/** Its sentence with the names put in; what has no name stays a placeholder. */
function messageOf({ message_raw: sentence, title_raw: title, parameters = {} }: LogRow): string {
  const text = said(sentence) ?? said(title) ?? 'no message';
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, role: string) => {
    const one = Object.hasOwn(parameters, role) ? parameters[role] : undefined;
    return said(one?.name) ?? said(one?.hostname) ?? said(one?.id) ?? placeholder;
  });
}
