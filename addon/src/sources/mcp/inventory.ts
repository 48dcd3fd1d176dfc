import { createHash } from 'node:crypto';
import { shown } from '../../core/words.ts';

/** Tools by name, each with a hash of what it says of itself: what it does, what it takes and gives. */
export type Tools = ReadonlyMap<string, string>;

/** What differs between two lists of tools: names as the server gives them, hostile. */
export interface ToolChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** A tool without a name is none. */
export function toolsOf(list: readonly Readonly<Record<string, unknown>>[]): Tools {
  return new Map(
    list.flatMap((tool) => {
      const { name } = tool;
      return typeof name === 'string' && name !== '' ? [[name, hashOf(tool)] as const] : [];
    }),
  );
}

/** undefined: nothing. */
export function changeOf(before: Tools, after: Tools): ToolChange | undefined {
  const added = [...after.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const changed = [...after].flatMap(([name, hash]) => {
    const known = before.get(name);
    return known === undefined || known === hash ? [] : [name];
  });
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}

/** For people: at most so many names. */
export const namesOf = (tools: Tools, most: number): readonly string[] =>
  [...tools.keys()].slice(0, most).map((name) => shown(name));

/** To be kept for the next run. */
export const written = (tools: Tools): string => JSON.stringify([...tools]);

/** undefined: nothing was kept, or nothing that makes sense. */
export function readBack(text: string | undefined): Tools | undefined {
  try {
    const pairs: unknown = JSON.parse(text ?? '');
    return Array.isArray(pairs) ? new Map(pairs as [string, string][]) : undefined;
  } catch {
    return undefined;
  }
}

/** The order of keys says nothing. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(sorted(value)).digest('hex').slice(0, 12);
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
