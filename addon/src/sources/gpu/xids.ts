import type { Memory } from '../../contract/source.ts';
import type { Card } from './card.ts';

interface Noted {
  readonly counts: Readonly<Record<string, number>>;
  readonly last: number | undefined;
}

/**
 * Which errors a card's driver reported since it was looked at last, perhaps in an earlier run. The first look is no
 * news. https://docs.nvidia.com/deploy/xid-errors/
 *
 * @returns `last`: the newest, 0 if there was none; undefined: errors are not told
 */
export function newXids(
  { uuid, xids }: Card,
  memory: Memory,
): { readonly news: readonly number[]; readonly last: number | undefined } {
  const key = `xid ${uuid}`;
  const before = notedIn(memory.get(key));
  // What is told only once something happened is not told by everybody else either.
  if (xids === undefined && before?.last === undefined) {
    if (before === undefined) memory.put(key, JSON.stringify({ counts: {} }));
    return { news: [], last: undefined };
  }
  const counts = xids ?? {};
  const codes = Object.keys(counts).map(Number);
  const news = codes.filter((code) => counts[code] !== 0 && counts[code] !== before?.counts[code]);
  const last = news.at(-1) ?? before?.last ?? 0;
  const noted = JSON.stringify({ counts, last });
  if (noted !== memory.get(key)) memory.put(key, noted);
  return { news: before === undefined ? [] : news, last };
}

function notedIn(text: string | undefined): Noted | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Noted;
  } catch {
    return undefined;
  }
}
