import type { Course } from './course.ts';

/** A table in Markdown: a line for each fault, with the longest times of all systems. */
export function tableOf(courses: readonly Course[]): string {
  const lines = [...Map.groupBy(courses, ({ fault }) => fault)].map(([fault, all]) => {
    const most = (key: 'saidAfter' | 'wholeAfter'): string => {
      const times = all.flatMap((each) => each[key] ?? []);
      return times.length === 0 ? '' : `${Math.ceil(Math.max(...times))} s`;
    };
    const wrong = all.filter(({ problems }) => problems.length > 0).length;
    return `| ${fault} | ${all.length} | ${most('saidAfter')} | ${most('wholeAfter')} | ${wrong} |`;
  });
  return [
    '| fault | systems | said within | whole within | not as it has to be |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
