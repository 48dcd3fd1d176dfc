import type { Thing } from '../lab/thing.ts';
import type { Words } from '../lab/words/words.ts';
import type { Line } from './graph.ts';

/** The reading of each kind that says most over time. */
export const GRAPHED: Readonly<Record<string, string>> = {
  ...{ server: 'watts', node: 'cpu', gpu: 'utilization', guest: 'cpu', host: 'cpu', gateway: 'received' },
  container: 'cpu',
};

const byThing = new WeakMap<Thing, readonly Line[]>();
const byText = new Map<string, readonly Line[]>();

/** What is drawn of a thing. The same lines as long as they lead to the same entities: a graph begins anew with others. */
export function linesOf(thing: Thing, words: Words): readonly Line[] {
  const known = byThing.get(thing);
  if (known !== undefined) return known;
  const reading = thing.readings[GRAPHED[thing.kind] ?? ''];
  const lines =
    reading === undefined
      ? []
      : // On the app's page there are no entities: a thing has one line, which is known by the thing.
        [{ entity: reading.entity ?? thing.id, label: words.name(reading), unit: reading.unit }];
  const text = JSON.stringify(lines);
  const same = byText.get(text) ?? lines;
  byText.set(text, same);
  byThing.set(thing, same);
  return same;
}
