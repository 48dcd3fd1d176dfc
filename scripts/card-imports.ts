import path from 'node:path';
import { cyclesIn, importsOf, type Violation } from './check-imports.ts';

/** What a room of `frontend-card/src` may import beside its own files. */
const ROOMS: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly packages?: readonly string[] }>
> = {
  // Of the lab and nothing else: it knows neither a browser nor Home Assistant, and tests run it as it is.
  lab: { rooms: [] },
  // What is drawn, wherever it is shown.
  parts: { rooms: ['lab'], packages: ['lit', 'uplot'] },
  // What Home Assistant tells, and how it is asked.
  hass: { rooms: ['lab'] },
  cards: { rooms: ['lab', 'parts', 'hass'], packages: ['lit'] },
  page: { rooms: ['lab', 'parts'], packages: ['lit'] },
};

/** Puts the cards together; nothing imports it. */
const ROOT = 'main.ts';

/** @param files text by path, relative to `frontend-card/src` and with slashes */
export function checkCardImports(files: ReadonlyMap<string, string>): readonly Violation[] {
  const edges = [...files].flatMap(([file, text]) => importsOf(text).map((found) => ({ ...found, file })));
  const violations = edges.flatMap(({ file, line, specifier }): Violation[] => {
    const message = breachOf(file, specifier);
    return message === undefined ? [] : [{ file, line, rule: 'room', message }];
  });
  return [...violations, ...cyclesIn(edges)];
}

function breachOf(file: string, specifier: string | undefined): string | undefined {
  const room = file === ROOT ? undefined : file.split('/')[0];
  if (room !== undefined && ROOMS[room] === undefined)
    return `there is no room ${room} (scripts/card-imports.ts)`;
  const { rooms, packages = [] } =
    room === undefined ? { rooms: Object.keys(ROOMS) } : (ROOMS[room] ?? { rooms: [] });
  if (specifier === undefined)
    return 'an import that is put together at run time escapes every check: write it out';
  if (!specifier.startsWith('.')) {
    const [name = ''] = specifier.split('/');
    return packages.includes(name) ? undefined : `${room ?? file} may not import ${specifier}`;
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (target.startsWith('../')) return 'what a browser loads imports nothing outside frontend-card/src';
  if (target === ROOT) return `${ROOT} puts the rest together: nothing imports it`;
  const [other = ''] = target.split('/');
  return other === room || rooms.includes(other)
    ? undefined
    : `${room ?? file} may not import ${other}: have it handed in`;
}
