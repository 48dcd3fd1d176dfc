import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** CPU time that a process has used so far, in milliseconds (Linux counts in hundredths of a second). */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of a process, in MB: now, or (`VmHWM`) the most that it ever was. */
export function memoryMbOf(pid: number, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1];
  return (Number(kibibytes) * 1_024) / 1e6;
}

/** Ids of the running processes with one of these names. */
export function pidsNamed(names: RegExp, among: readonly string[]): readonly number[] {
  return among.flatMap((pid) => {
    try {
      return names.test(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

/** The value below which `part` (0 to 1) of them lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * 1_000));

/** One table of docs/performance.md. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

export const machine = (): string => `${cpus().length} × ${cpus()[0]?.model}, Node.js ${process.version}`;
