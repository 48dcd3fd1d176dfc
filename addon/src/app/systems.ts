import type { InstanceOptions, Options } from '../config/options.ts';
import type { Source } from '../contract/source.ts';
import type { Configured } from '../engine/engine.ts';
import { SOURCES } from '../sources/registry.ts';

/** Loads the sources that the options name, and no other; unknown names are for the validation to report. */
export async function sourcesFor(options: unknown): Promise<Readonly<Record<string, Source>>> {
  const named = Object.keys((options ?? {}) as object);
  const wanted = Object.entries(SOURCES).filter(([name]) => named.includes(name));
  return Object.fromEntries(
    await Promise.all(wanted.map(async ([name, load]) => [name, await load()] as const)),
  );
}

/** Every system of the options, with the source that can talk to it. */
export function systemsOf(
  options: Options,
  sources: Readonly<Record<string, Source>>,
): readonly Configured[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    const keys = Object.keys(source.shared?.properties ?? {});
    const shared = Object.fromEntries(keys.flatMap((key) => (key in options ? [[key, options[key]]] : [])));
    return (options[name] as readonly InstanceOptions[]).map((entry) => {
      const { id, title, area: _, entities: __, ...own } = entry;
      return { source, id, title: title ?? id, options: { ...shared, ...own } };
    });
  });
}

/** Of two owners that report the same thing, that of the source which the registry names first has the lower rank. */
export function rankOf(owner: string): number {
  const [source = ''] = owner.split('/');
  const place = Object.keys(SOURCES).indexOf(source);
  return place < 0 ? Number.MAX_SAFE_INTEGER : place;
}
