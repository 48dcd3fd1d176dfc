const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Half of a text: what a full disk or a broken proxy leaves of an answer. */
export const halfOf = (text: string): string => text.slice(0, Math.floor(text.length / 2));

/** The same keys with values of other types: numbers are words, words numbers, lists objects. Not JSON: as it is. */
export function mistyped(text: string): string {
  return changed(text, (value) => {
    if (Array.isArray(value)) return { 0: value.length };
    if (typeof value === 'number') return 'many';
    if (typeof value === 'boolean') return [value];
    return typeof value === 'string' ? 42 : value;
  });
}

/**
 * Every time in a JSON text moved.
 *
 * @param now milliseconds since 1970: only what lies within ten years of it is a time
 */
export function shifted(text: string, ms: number, now: number): string {
  const isNear = (at: number): boolean => Math.abs(at - now) < 3_650 * DAY_MS;
  return changed(text, (value) => {
    if (typeof value === 'string' && ISO.test(value)) {
      const at = Date.parse(value);
      return isNear(at) ? new Date(at + ms).toISOString() : value;
    }
    if (typeof value !== 'number' || value < 1e9) return value;
    // Seconds and milliseconds; a number of bytes may look like one of them, and is then off as well.
    if (value < 1e10) return isNear(value * 1_000) ? value + Math.round(ms / 1_000) : value;
    return isNear(value) ? value + ms : value;
  });
}

const EVENT = /^data: (.*)$/gm;

/** Changes each value of a JSON text, or of JSON in events, lists before what is in them. */
function changed(text: string, change: (value: unknown) => unknown): string {
  if (text.startsWith('event: ') || text.startsWith('data: '))
    return text.replace(EVENT, (_, data: string) => `data: ${changed(data, change)}`);
  try {
    const walk = (value: unknown): unknown => {
      const now = change(value);
      if (now !== value || now === null || typeof now !== 'object') return now;
      if (Array.isArray(now)) return now.map(walk);
      return Object.fromEntries(Object.entries(now).map(([key, inner]) => [key, walk(inner)]));
    };
    return JSON.stringify(walk(JSON.parse(text)));
  } catch {
    return text;
  }
}
