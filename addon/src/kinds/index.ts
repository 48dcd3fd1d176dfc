import { container } from './container.ts';
import { host } from './host.ts';
import type { ResourceOfKind, Row } from './rows.ts';
import { stack } from './stack.ts';

/** Every kind of thing that a lab can have. */
export const KINDS = { container, host, stack };

export type Kind = keyof typeof KINDS;

/** A resource of one kind, its readings typed by that kind. */
export type LabResourceOf<K extends Kind> = ResourceOfKind<(typeof KINDS)[K]>;

/** A resource of any kind. */
export type LabResource = { [K in Kind]: LabResourceOf<K> }[Kind];

/** The rows of a kind, for code that treats all kinds alike. */
export function rowsOf(kind: Kind): readonly Row<Record<string, unknown>>[] {
  return KINDS[kind].rows as readonly Row<Record<string, unknown>>[];
}
