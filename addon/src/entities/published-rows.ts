import { itemRowsOf, type LabResource, rowsOf } from '../kinds/index.ts';
import type { Command, Level, Row, Text } from '../kinds/rows.ts';
import type { Item } from '../model/resource.ts';
import { oneLine } from './names.ts';
import { ownerOf } from './selection.ts';
import type { EntitySettings } from './settings.ts';

/** A row that becomes an entity. */
export type AnyRow = Row<Record<string, unknown>> & {
  /** The item whose readings it shows; left out: it shows the resource's. */
  readonly item?: Item;
};

const RANK: Record<Level, number> = { essential: 0, standard: 1, all: 2 };

/**
 * The rows of a resource that become entities: wanted at its level, and with something to show. Every item of a list
 * has rows of its own, keyed `<item>_<row>`; their commands carry the item's key as `item`.
 */
export function publishedRows(
  resource: LabResource,
  { level: general, levels }: Pick<EntitySettings, 'level' | 'levels'>,
): readonly AnyRow[] {
  const level = levels.get(ownerOf(resource.id)) ?? general;
  const readings = resource.readings as Readonly<Record<string, unknown>>;
  const rows: AnyRow[] = rowsOf(resource.kind).filter((row) => isShown(row, readings, level));
  for (const { list, rows: own } of itemRowsOf(resource.kind)) {
    for (const item of itemsIn(readings[list])) {
      rows.push(...own.filter((row) => isShown(row, item, level)).map((row) => rowOf(item, row)));
    }
  }
  return rows;
}

/** What a row has to show: `null` while it is unknown. */
export function readingOf(row: AnyRow, resource: LabResource): unknown {
  if (!('reading' in row)) return null;
  return ((row.item ?? resource.readings) as Readonly<Record<string, unknown>>)[row.reading] ?? null;
}

/** Whether what could run instead can be installed from here. */
export function isInstallable(row: AnyRow, readings: object): boolean {
  if (row.platform !== 'update' || row.commands === undefined) return false;
  return (
    row.offered === undefined || (readings as Readonly<Record<string, unknown>>)[row.offered] !== undefined
  );
}

/** The most that a number may be set to. */
export function mostOf(row: AnyRow & { readonly platform: 'number' }, resource: LabResource): number {
  const readings = (row.item ?? resource.readings) as Readonly<Record<string, unknown>>;
  return Number(readings[row.most] ?? 0);
}

/** What may be chosen of a select. */
export function choicesOf(
  row: AnyRow & { readonly platform: 'select' },
  resource: LabResource,
): readonly string[] {
  const readings = (row.item ?? resource.readings) as Readonly<Record<string, unknown>>;
  return ((readings[row.choices] ?? []) as readonly Item[]).map(({ title }) => title);
}

function isShown(row: AnyRow, readings: Readonly<Record<string, unknown>>, level: Level): boolean {
  const needed = [
    'reading' in row ? row.reading : undefined,
    'latest' in row ? row.latest : undefined,
    'needs' in row ? row.needs : undefined,
    'most' in row ? row.most : undefined,
    'choices' in row ? row.choices : undefined,
  ];
  return (
    RANK[row.level] <= RANK[level] &&
    needed.every((name) => name === undefined || readings[name] !== undefined)
  );
}

function itemsIn(list: unknown): readonly Item[] {
  const seen = new Set<string>();
  return ((list ?? []) as readonly Item[]).filter(({ key }) => {
    // It becomes part of topics and templates: another spelling would break them.
    const fits = /^[a-z0-9_]+$/.test(key) && !seen.has(key);
    seen.add(key);
    return fits;
  });
}

function rowOf(item: Item, row: AnyRow): AnyRow {
  const own = { ...row, key: `${item.key}_${row.key}`, name: nameOf(item, row.name), item };
  if (!('commands' in row) || row.commands === undefined) return own as AnyRow;
  const commands = Object.entries(row.commands as Readonly<Record<string, Command>>).map(
    ([payload, { action, input }]) => [payload, { action, input: { ...input, item: item.key } }],
  );
  return { ...own, commands: Object.fromEntries(commands) } as AnyRow;
}

function nameOf({ title }: Item, name: Text | null): Text {
  const begin = oneLine(title);
  return name === null ? { en: begin, de: begin } : { en: `${begin} ${name.en}`, de: `${begin} ${name.de}` };
}
