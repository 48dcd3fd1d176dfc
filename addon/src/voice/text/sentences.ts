import { endsInAbbreviation } from './abbreviations.ts';

const segmenters = new Map<string, Intl.Segmenter>();

/** Made when there is something to be spoken: the first use of `Intl` takes megabytes for good. */
function segmenterOf(language: string): Intl.Segmenter {
  const known = segmenters.get(language);
  if (known !== undefined) return known;
  const made = new Intl.Segmenter(language, { granularity: 'sentence' });
  segmenters.set(language, made);
  return made;
}

/**
 * Where sentences of a text end, as far as that is certain whatever comes after it. What is behind the last of these
 * places may go on.
 *
 * @param language code, as in `de`
 * @returns offsets behind the end of each, ascending
 */
export function sentenceEnds(text: string, language: string): readonly number[] {
  const ends: number[] = [];
  let start = 0;
  for (const { index, segment } of segmenterOf(language).segment(text)) {
    const end = index + segment.length;
    // Whether there is an end is told by the next letter.
    if (!/[\p{L}\p{N}]/u.test(text.slice(end, end + 80))) break;
    const sentence = text.slice(start, end);
    // Within addresses and names of files there are no spaces; some scripts have none between sentences either.
    if (!/[\s。！？｡．]["'”’」』）)\]]*$/u.test(sentence)) continue;
    if (endsInAbbreviation(sentence, language)) continue;
    ends.push(end);
    start = end;
  }
  return ends;
}
