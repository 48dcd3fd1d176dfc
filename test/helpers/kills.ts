import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../addon/src/actions/job.ts';
import { chanceOf } from '../../simulators/proxmox/chance.ts';
import type { provisionLab } from './provision-lab.ts';

type Lab = Awaited<ReturnType<typeof provisionLab>>;

/** How often a job is killed in each of its steps; `LABKEEPER_KILLS=50` for all that is asked of it. */
export const KILLS = Number(process.env.LABKEEPER_KILLS ?? 2);

/**
 * Kills Labkeeper at a moment within a step of a job, and lets the next run go on with it; now and then the answer to what
 * was sent, or the request itself, is lost as well.
 *
 * @param step how the step's name begins; the job has it in `step`
 * @param seed decides the moment and what is lost
 * @param ask makes the job
 */
export async function killedIn(lab: Lab, step: string, seed: number, ask: () => Job): Promise<Job> {
  const chance = chanceOf(seed * 7_919 + step.length);
  const lost = chance.next();
  if (lost < 0.5)
    lab.simulator.faults.inject({ method: 'POST' }, { kind: 'reset', carriedOut: lost < 0.35 }, 1);
  const job = ask();
  const now = (): Job => lab.executor.job(job.id) ?? assert.fail('the job is gone');
  await lab.until(
    `the step “${step}”`,
    () => now().step?.startsWith(step) || !['queued', 'running'].includes(now().state),
    2_000,
  );
  for (let left = chance.next() * 6_000; left > 0; left -= 500) {
    await lab.clock.advance(Math.min(left, 500));
    await sleep(chance.next() * 4);
    if (!now().step?.startsWith(step)) break;
  }
  await lab.kill();
  return lab.over(job, 4_000);
}
