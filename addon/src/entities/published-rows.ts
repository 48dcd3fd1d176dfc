import { type LabResource, rowsOf } from '../kinds/index.ts';
import type { Level, Row } from '../kinds/rows.ts';

export type AnyRow = Row<Record<string, unknown>>;

const RANK: Record<Level, number> = { essential: 0, standard: 1, all: 2 };

/** The rows of a resource that become entities: wanted at this level, and with something to show. */
export function publishedRows(resource: LabResource, level: Level): readonly AnyRow[] {
  const readings = resource.readings as Readonly<Record<string, unknown>>;
  return rowsOf(resource.kind).filter(
    (row) => RANK[row.level] <= RANK[level] && (!('reading' in row) || readings[row.reading] !== undefined),
  );
}
