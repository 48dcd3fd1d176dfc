import { readdir, readFile, readlink } from 'node:fs/promises';

/** What a process holds. */
export interface Held {
  readonly sockets: number;
  /** Open files of any sort, sockets too. */
  readonly handles: number;
  /** Of its memory, what is in the machine's. */
  readonly mib: number;
}

/** How much more than before the first fault it may hold once nothing is wrong any more. */
const MORE = { sockets: 12, handles: 16, mib: 60 };

/** @param pid of this machine */
export async function heldBy(pid: number): Promise<Held> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
    handles: names.length,
    mib: Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024),
  };
}

/** What has grown without a bound, as sentences. */
export const growth = (before: Held, after: Held): readonly string[] =>
  (['sockets', 'handles', 'mib'] as const).flatMap((what) =>
    after[what] > before[what] + MORE[what] ? [`${what}: ${before[what]} have become ${after[what]}`] : [],
  );
