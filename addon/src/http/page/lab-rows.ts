import { naturalOrder } from '../../core/natural-order.ts';
import type { LabResource } from '../../kinds/index.ts';
import type { HttpParts } from '../parts.ts';

/** What a line of the lab's table shows. */
export interface LabRow {
  readonly id: string;
  readonly depth: number;
  readonly name: string;
  readonly kind: string;
  readonly available: boolean;
  /** Its system can tell what it writes. */
  readonly hasLog: boolean;
  /** Pages of its own system about it. */
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly state: string;
  readonly mood: 'good' | 'bad' | 'warn' | 'idle';
  readonly readings: readonly { readonly name: string; readonly value: string }[];
}

const MOST_READINGS = 4;
const DEEPEST = 5;
const BAD = ['error', 'dead', 'unhealthy', 'degraded', 'faulted', 'offline', 'failed'];
const GOOD = ['running', 'healthy', 'online', 'active', 'on', 'up'];

/** The lab as a tree, in lines from the top: what contains before what it contains, otherwise by kind and name. */
export function labRows(resources: Iterable<LabResource>, kinds: HttpParts['kinds']): readonly LabRow[] {
  const all = [...resources];
  const ids = new Set(all.map(({ id }) => id));
  const children = new Map<string, LabResource[]>();
  for (const resource of all) {
    const parent = resource.parent !== undefined && ids.has(resource.parent) ? resource.parent : '';
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  const below = (parent: string, depth: number): LabRow[] =>
    (children.get(parent) ?? [])
      .toSorted((a, b) => naturalOrder(a.kind, b.kind) || naturalOrder(a.name, b.name))
      .flatMap((resource) => [
        rowOf(resource, depth, kinds),
        ...below(resource.id, Math.min(depth + 1, DEEPEST)),
      ]);
  return below('', 0);
}

function rowOf(resource: LabResource, depth: number, kinds: HttpParts['kinds']): LabRow {
  const { id, name, kind, available } = resource;
  return {
    ...{ id, name, depth, available, kind: kinds[kind].title.en },
    hasLog: available && kind === 'container',
    links: linksOf(resource),
    ...stateOf(resource),
    readings: available ? readingsOf(resource, kinds) : [],
  };
}

function linksOf({ facts }: LabResource): LabRow['links'] {
  return [
    { title: 'open', url: facts.url },
    { title: 'console', url: facts.console },
  ].flatMap(({ title, url }) =>
    // The lab may say what it likes: a script is no address.
    typeof url === 'string' && /^https?:\/\//i.test(url) ? [{ title, url }] : [],
  );
}

function stateOf({ available, readings }: LabResource): Pick<LabRow, 'state' | 'mood'> {
  if (!available) return { state: 'unavailable', mood: 'idle' };
  const { problem, health, state, status } = readings as Readonly<Record<string, unknown>>;
  if (problem === true) return { state: 'problem', mood: 'bad' };
  if (health === 'unhealthy') return { state: 'unhealthy', mood: 'bad' };
  const word = state === undefined ? status : state;
  if (word === null) return { state: 'unknown', mood: 'warn' };
  if (typeof word !== 'string') return { state: 'ok', mood: 'good' };
  if (BAD.includes(word)) return { state: word, mood: 'bad' };
  return { state: word, mood: GOOD.includes(word) ? 'good' : 'idle' };
}

/** What Home Assistant shows of it first, apart from its state. */
function readingsOf({ kind, readings }: LabResource, kinds: HttpParts['kinds']): LabRow['readings'] {
  const values = readings as Readonly<Record<string, unknown>>;
  const shown: { name: string; value: string }[] = [];
  for (const row of kinds[kind].rows) {
    if (row.platform !== 'sensor' || row.level === 'all' || row.category === 'diagnostic') continue;
    if (['state', 'status', 'health'].includes(row.reading) || row.deviceClass === 'uptime') continue;
    const value = values[row.reading];
    if (value === null || value === undefined || typeof value === 'object') continue;
    const text = typeof value === 'number' ? numberText(value, row.decimals) : String(value);
    shown.push({ name: row.name?.en ?? row.key, value: row.unit ? `${text} ${row.unit}` : text });
    if (shown.length === MOST_READINGS) break;
  }
  return shown;
}

const numberText = (value: number, decimals = 2): string => String(Number(value.toFixed(decimals)));
