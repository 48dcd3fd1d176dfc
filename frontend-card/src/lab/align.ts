import type { Series } from './asker.ts';

/**
 * Puts several series on common times, one for each pixel at most: the mean of what was in it, weighed by how long it was.
 * What is known stays until the next is; before the first there is nothing.
 *
 * @param from seconds since 1970
 * @param to seconds since 1970
 * @param width pixels
 * @returns times, then the values of each series
 */
export function align(
  series: readonly (Series | undefined)[],
  from: number,
  to: number,
  width: number,
): [number[], ...(number | null)[][]] {
  const count = Math.max(2, Math.min(Math.round(width / 2), 400));
  const step = (to - from) / count;
  const times = Array.from({ length: count }, (_, index) => from + (index + 1) * step);
  return [
    times,
    ...series.map((one) => (one === undefined ? times.map(() => null) : means(one, from, step, count))),
  ];
}

function means({ times, values }: Series, from: number, step: number, count: number): (number | null)[] {
  const result: (number | null)[] = [];
  let at = 0;
  let value: number | null = null;
  while (at < times.length && (times[at] as number) <= from) value = values[at++] ?? null;
  for (let index = 0; index < count; index += 1) {
    const end = from + (index + 1) * step;
    let begin = end - step;
    let sum = 0;
    let length = 0;
    const add = (until: number): void => {
      if (value !== null) {
        sum += value * (until - begin);
        length += until - begin;
      }
      begin = until;
    };
    while (at < times.length && (times[at] as number) < end) {
      add(times[at] as number);
      value = values[at++] ?? null;
    }
    add(end);
    result.push(length > 0 ? sum / length : null);
  }
  return result;
}
