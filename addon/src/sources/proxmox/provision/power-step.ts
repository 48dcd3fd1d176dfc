import type { StepContext, StepOf } from '../../../contract/step.ts';
import { found } from '../guest/found.ts';
import { powerOf } from '../guest/power.ts';
import { taskEnded } from '../tasks.ts';
import type { Bench } from './bench.ts';

const MS = 600_000;
const ARRIVES_MS = 20_000;

/** A step that shuts a guest down or starts it, unless it is so already; also where high availability does it. */
export function powerStep(
  { desk, list }: Pick<Bench, 'desk' | 'list'>,
  name: string,
  id: string,
  wanted: 'running' | 'stopped',
): StepOf<StepContext<never>> {
  const { client, context } = desk;
  const power = powerOf(desk, list);
  const verb = wanted === 'running' ? 'start' : 'shutdown';
  let askedAt: number | undefined;
  return {
    name,
    calls: [`${verb} ${id}`],
    run: ({ signal, note }) =>
      wanted === 'running' ? power.start(id, signal, note) : power.stop(id, signal, note),
    happened: async ({ vendorRef, signal }) => {
      if (vendorRef !== undefined) await taskEnded(client, vendorRef, context.clock, MS, signal);
      const { status } = await found(desk, list, id, signal);
      if (status === wanted) return true;
      if (vendorRef !== undefined) return false;
      askedAt ??= context.clock.elapsed();
      return context.clock.elapsed() - askedAt < ARRIVES_MS ? undefined : false;
    },
  };
}
