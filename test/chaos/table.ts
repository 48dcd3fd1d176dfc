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

/** What came of one fault, as a line, with lines below it for what was not as it has to be. */
export function lineOf({ system, fault, said, saidAfter, wholeAfter, problems }: Course): string {
  const seconds = (value: number | undefined): string =>
    value === undefined ? '-' : `${value.toFixed(1)} s`;
  const wrong = problems.map((each) => `\n  ${each}`).join('');
  return `${system}: ${fault}: said after ${seconds(saidAfter)}, whole after ${seconds(wholeAfter)}: ${said ?? ''}${wrong}`;
}
