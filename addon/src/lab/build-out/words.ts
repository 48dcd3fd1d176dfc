import type { LabResource } from '../../kinds/index.ts';

const MOST = 80;

/** A text from the lab within a sentence: in one line, without what would turn its direction, and short. */
export function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return line.length > MOST ? `${line.slice(0, MOST - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

/** A thing by its name, and by what no other bears. */
export const said = ({ name, id }: Pick<LabResource, 'name' | 'id'>): string =>
  `${plain(name)} (${plain(id)})`;
