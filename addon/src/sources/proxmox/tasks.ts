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
 * Waits for a task to its end.
 *
 * @param upid `UPID:node:pid:pstart:starttime:type:id:user:`
 * @param ms the longest that it may take
 * @throws LabError `source_refused` with what the task said when it failed; `deadline_passed`
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
  const begin = clock.elapsed();
  for (;;) {
    const { status, exitstatus = '' } = await statusOf(client, path, signal);
    if (status === 'stopped') {
      if (exitstatus === 'OK' || exitstatus.startsWith('WARNINGS')) return;
      // Its worker died with its node: nobody knows how far it came.
      if (exitstatus === 'unexpected status') {
        throw new LabError('unreachable', `${type} of ${id || node} ended without a word`);
      }
      const lines = await lastLines(client, path, signal);
      const text = [exitstatus, ...lines.filter((line) => !line.includes(exitstatus))].join(' · ');
      throw new LabError('source_refused', `${type} of ${id || node} failed: ${text}`);
    }
    const age = clock.elapsed() - begin;
    if (age > ms) {
      throw new LabError('deadline_passed', `${type} of ${id || node} has not ended within ${ms / 1_000} s`, {
        hint: `it goes on by itself: look at the task on ${node}`,
      });
    }
    await pause(clock, waitAt(age), signal);
    signal.throwIfAborted();
  }
}

/**
 * Most end within seconds, and whoever asked for one looks at it; a backup may take an hour, and nobody waits.
 *
 * @param age of the task, in milliseconds
 */
const waitAt = (age: number): number => Math.min(age < 120_000 ? 1_500 : 5_000, Math.max(500, age / 8));

/** A task goes on while nobody can ask for it: whatever may pass counts as running. */
async function statusOf(client: ProxmoxClient, path: string, signal: AbortSignal): Promise<TaskStatus> {
  try {
    return await client.get<TaskStatus>(`${path}/status`, signal);
  } catch (thrown) {
    if (signal.aborted || asLabError(thrown).next !== 'retry') throw thrown;
    return { status: 'running' };
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
