import { type Clock, pause } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import type { DockerClient } from './client.ts';
import { inOrder, type Member, type Need } from './stack-order.ts';

const LOOK_MS = 1_000;
/** A service that is not healthy, or not through, by then keeps the others from being started. */
const PATIENCE_MS = 180_000;

const ALL = (_: Member): boolean => true;

/** Starts and ends all containers of a stack, in the order in which they need each other. */
export class StackControl {
  readonly #client: DockerClient;
  readonly #clock: Clock;

  constructor(client: DockerClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * @param which those of them that are meant; the others count for the order
   * @throws LabError `source_failed` when a service does not become what others need it to be
   */
  async start(members: readonly Member[], signal: AbortSignal, which = ALL): Promise<void> {
    for (const group of inOrder(members)) {
      await Promise.all(
        group.filter(which).map(async (member) => {
          for (const need of member.needs) await this.#met(need, member, members.filter(which), signal);
          await this.#client.start(member.containerId, signal);
        }),
      );
    }
  }

  /** Those that nothing else needs first. */
  async stop(members: readonly Member[], signal: AbortSignal, which = ALL): Promise<void> {
    for (const group of inOrder(members).toReversed()) {
      const ended = await Promise.allSettled(
        group.filter(which).map(({ containerId }) => this.#client.stop(containerId, signal)),
      );
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    }
  }

  /** Ends what runs and starts that again; what did not run stays as it is. */
  async restart(members: readonly Member[], signal: AbortSignal): Promise<void> {
    const ran = ({ on }: Member): boolean => on;
    await this.stop(members, signal, ran);
    await this.start(members, signal, ran);
  }

  /** Waits until what a container needs is so. A service that is not among `members` is not waited for. */
  async #met(need: Need, { name }: Member, members: readonly Member[], signal: AbortSignal): Promise<void> {
    if (need.condition === 'service_started') return;
    const needed = members.filter(({ service }) => service === need.service);
    const until = this.#clock.elapsed() + PATIENCE_MS;
    for (const { containerId } of needed) {
      while (!(await this.#isMet(need, containerId, name, signal))) {
        if (this.#clock.elapsed() >= until) throw notMet(need, name, 'is not within three minutes');
        await pause(this.#clock, LOOK_MS, signal);
        signal.throwIfAborted();
      }
    }
  }

  async #isMet(need: Need, containerId: string, name: string, signal: AbortSignal): Promise<boolean> {
    const { Status, ExitCode, Health } = (await this.#client.inspect(containerId, signal))?.State ?? {};
    const ended = Status === undefined || Status === 'exited' || Status === 'dead';
    if (need.condition === 'service_completed_successfully') {
      if (ended && ExitCode !== 0) throw notMet(need, name, `ended with ${ExitCode ?? 'no exit code'}`);
      return ended;
    }
    if (ended) throw notMet(need, name, 'has ended');
    // Without a health check it never will be healthy, so running has to do.
    return Health === undefined || Health.Status === 'none' || Health.Status === 'healthy';
  }
}

const notMet = ({ service, condition }: Need, name: string, why: string): LabError => {
  const wanted = condition === 'service_healthy' ? 'healthy' : 'through';
  return new LabError(
    'source_failed',
    `${name} was not started: it needs ${service} to be ${wanted}, which ${why}`,
    {
      hint: `look at the log of ${service}`,
    },
  );
};
