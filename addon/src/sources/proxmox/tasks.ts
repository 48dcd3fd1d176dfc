import { type Clock, pause } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { ProxmoxClient } from './client.ts';

/** `GET /nodes/{node}/tasks/{upid}/status` */
interface TaskStatus {
  readonly status: 'running' | 'stopped';
  /** `OK`, `WARNINGS: <n>`, or what went wrong. */
  readonly exitstatus?: string;
}

const LAST_LINES = 3;
/**
 * How long a node may not be heard. What its cluster calls off is not waited for long: whatever ran there died with it. Where
 * nobody answers, that may as well be the way there, and tasks go on meanwhile.
 */
const LONGEST_MS = { off: 600_000, silent: 1_800_000 };

/**
 * Waits for a task to its end.
 *
 * @param upid `UPID:node:pid:pstart:starttime:type:id:user:`
 * @param ms the longest that it may take
 * @throws LabError `source_refused` with what the task said when it failed; `deadline_passed`; `unreachable` where its
 * node was lost, and with it how far it came
 */
export async function taskEnded(
  client: ProxmoxClient,
  upid: string,
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const [, node = '', , , , type = 'task', id = ''] = upid.split(':');
  const path = `/nodes/${encodeURIComponent(node)}/tasks/${encodeURIComponent(upid)}`;
  const what = `${type} of ${id || node}`;
  const begin = clock.elapsed();
  let silentSince: number | undefined;
  for (;;) {
    const { status, exitstatus = '', silence } = await statusOf(client, path, signal);
    silentSince = silence && (silentSince ?? clock.elapsed());
    const silentMs = clock.elapsed() - (silentSince ?? clock.elapsed());
    if (silence && silentMs > LONGEST_MS[silence]) throw lost(what, node, silentMs);
    if (status === 'stopped') {
      if (exitstatus === 'OK' || exitstatus.startsWith('WARNINGS')) return;
      // Its worker died with its node: nobody knows how far it came.
      if (exitstatus === 'unexpected status') {
        throw new LabError('unreachable', `${what} ended without a word: ${node} was lost while it ran`, {
          hint: `see on ${node} how far it came`,
        });
      }
      const lines = await lastLines(client, path, signal);
      const text = [exitstatus, ...lines.filter((line) => !line.includes(exitstatus))].join(' · ');
      throw new LabError('source_refused', `${what} failed: ${text}`);
    }
    const age = clock.elapsed() - begin;
    if (age > ms) {
      if (silence) throw lost(what, node, silentMs);
      throw new LabError('deadline_passed', `${what} has not ended within ${ms / 1_000} s`, {
        hint: `it goes on by itself: look at the task on ${node}`,
      });
    }
    await pause(clock, waitAt(age), signal);
    signal.throwIfAborted();
  }
}

function lost(what: string, node: string, ms: number): LabError {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return new LabError(
    'unreachable',
    `${node} is not heard: for ${minutes} min nobody told how ${what} goes on`,
    {
      hint: `see on ${node}, when it is back, how far it came`,
    },
  );
}

/**
 * Most end within seconds, and whoever asked for one looks at it; a backup may take an hour, and nobody waits.
 *
 * @param age of the task, in milliseconds
 */
const waitAt = (age: number): number => Math.min(age < 120_000 ? 1_500 : 5_000, Math.max(500, age / 8));

/** A task goes on while nobody can ask for it: whatever may pass counts as running. */
async function statusOf(
  client: ProxmoxClient,
  path: string,
  signal: AbortSignal,
): Promise<TaskStatus & { readonly silence?: keyof typeof LONGEST_MS }> {
  try {
    return await client.get<TaskStatus>(`${path}/status`, signal);
  } catch (thrown) {
    const { code, next } = asLabError(thrown);
    if (signal.aborted || next !== 'retry') throw thrown;
    return { status: 'running', silence: code === 'node_offline' ? 'off' : 'silent' };
  }
}

async function lastLines(
  client: ProxmoxClient,
  path: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const lines = await client.list<{ t: string }>(`${path}/log?limit=500`, signal);
    return lines
      .map(({ t }) => t.trim())
      .filter((line) => line !== '' && !/^TASK (OK|ERROR)/.test(line))
      .slice(-LAST_LINES);
  } catch {
    // The error itself is what counts.
    return [];
  }
}
