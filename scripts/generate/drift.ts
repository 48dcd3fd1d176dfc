const MOST_LINES = 20;

/** What differs between a file and what it should be, as lines with `-` and `+`; '' when nothing does. */
export function driftOf(file: string, have: string | undefined, want: string): string {
  if (have === want) return '';
  if (have === undefined) return `${file} is missing`;
  const old = have.split('\n');
  const fresh = want.split('\n');
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end))
    end += 1;
  const lines = [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...fresh.slice(start, fresh.length - end).map((line) => `+ ${line}`),
  ];
  const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} lines more`] : [];
  return [`${file}:${start + 1}`, ...lines.slice(0, MOST_LINES), ...more].join('\n');
}
