/**
 * Why something was done and by whom, in one line, for what a system keeps of it.
 *
 * @param about what it is for, as a person typed it
 * @param by who asked and where; undefined: nobody in particular
 */
export function aboutText(about: string | undefined, by: string | undefined): string {
  const who = by === undefined ? 'Labkeeper' : `Labkeeper (${by})`;
  const text = about === undefined ? who : `${about} · ${who}`;
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '').trim();
}
