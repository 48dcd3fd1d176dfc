import { randomUUID } from 'node:crypto';
import Value from 'typebox/value';
import type { Action, ActionRequest, Door, Risk, Step } from '../contract/action.ts';
import type { CapabilityFinder } from '../contract/capabilities.ts';
import type { Clock } from '../core/clock.ts';
import { asLabError, LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Job } from './job.ts';

/** What a door lets through at most. A button that disrupts is created disabled: enabling it is the consent. */
const DOORS: Record<Door, readonly Risk[]> = {
  mqtt: ['operate', 'disrupt'],
  homeassistant: ['observe', 'operate', 'disrupt', 'provision', 'destroy'],
  http: ['observe', 'operate'],
  mcp: ['observe', 'operate'],
};

/** Jobs that are kept to look back at. */
const KEPT = 500;

export interface ExecutorParts {
  readonly actions: readonly Action[];
  readonly resource: (id: string) => LabResource | undefined;
  readonly capabilities: CapabilityFinder;
  /** Asks for an early read of a resource to which something was done. */
  readonly refresh: (resourceId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Where every change of the lab passes: a request becomes a job, jobs of one target run one after the other, and what
 * they do shows when the source sees it. A job is never repeated by itself.
 */
export class Executor {
  readonly #parts: ExecutorParts;
  readonly #actions: ReadonlyMap<string, Action>;
  readonly #jobs = new Map<string, Job>();
  readonly #byRequest = new Map<string, string>();
  readonly #ends = new Map<string, Promise<Job>>();
  /** The last job of each target that has one under way. */
  readonly #lines = new Map<string, Promise<unknown>>();
  readonly #stop = new AbortController();

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#actions = new Map(parts.actions.map((action) => [action.id, action]));
  }

  /**
   * Takes a request; a request id that was used before returns the job it made then.
   *
   * @throws LabError when it cannot be done at all: nothing was changed and no job was made
   */
  submit(request: ActionRequest): Job {
    const { requestId } = request;
    const earlier = requestId ? this.#byRequest.get(requestId) : undefined;
    if (earlier !== undefined) return this.#jobs.get(earlier) as Job;
    if (this.#stop.signal.aborted) throw new LabError('shutting_down', 'Labkeeper is shutting down');
    const steps = this.#plan(request);
    const id = randomUUID();
    const job: Job = {
      id,
      request_id: requestId || id,
      action: request.action,
      target: request.target,
      door: request.door,
      user: request.user,
      state: 'queued',
      step: null,
      progress: null,
      created: this.#time(),
      started: null,
      ended: null,
    };
    this.#jobs.set(id, job);
    this.#byRequest.set(job.request_id, id);
    this.#forgetOld();
    const before = this.#lines.get(request.target) ?? Promise.resolve();
    const end = before.then(() => this.#run(job, request, steps));
    this.#lines.set(request.target, end);
    this.#ends.set(id, end);
    void end.finally(() => {
      this.#ends.delete(id);
      if (this.#lines.get(request.target) === end) this.#lines.delete(request.target);
    });
    return job;
  }

  job(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** The job once it is over. */
  async ended(id: string): Promise<Job | undefined> {
    return (await this.#ends.get(id)) ?? this.#jobs.get(id);
  }

  /** Takes no more requests, and lets go of what runs: its outcome is then unknown to us. */
  async close(): Promise<void> {
    this.#stop.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await Promise.allSettled(this.#ends.values());
  }

  #plan(request: ActionRequest): readonly Step<never>[] {
    const action = this.#actions.get(request.action);
    if (action === undefined) throw new LabError('action_unknown', `there is no action “${request.action}”`);
    const target = this.#target(request);
    if (!action.kinds.includes(target.kind)) {
      throw new LabError('target_unsuitable', `“${action.title}” cannot be done to a ${target.kind}`);
    }
    if (!DOORS[request.door].includes(action.risk)) {
      throw new LabError(
        'door_closed',
        `“${action.title}” (${action.risk}) is not offered over ${request.door}`,
      );
    }
    const [problem] = Value.Errors(action.input, request.input);
    if (problem !== undefined) {
      throw new LabError('input_invalid', `${problem.instancePath || 'input'}: ${problem.message}`);
    }
    return action.plan(this.#context(target, request) as never) as readonly Step<never>[];
  }

  #target(request: ActionRequest): LabResource {
    const target = this.#parts.resource(request.target);
    if (target !== undefined) return target;
    throw new LabError('target_unknown', `the lab has no “${request.target}”`);
  }

  #context(target: LabResource, { input }: ActionRequest): object {
    return { target, input, capabilities: this.#parts.capabilities, signal: this.#stop.signal };
  }

  async #run(queued: Job, request: ActionRequest, steps: readonly Step<never>[]): Promise<Job> {
    const { log, refresh } = this.#parts;
    if (this.#stop.signal.aborted) return this.#note({ ...queued, state: 'cancelled', ended: this.#time() });
    let job = this.#note({ ...queued, state: 'running', started: this.#time() });
    try {
      const context = this.#context(this.#target(request), request);
      for (const [done, step] of steps.entries()) {
        this.#stop.signal.throwIfAborted();
        job = this.#note({ ...job, step: step.name, progress: done / steps.length });
        await step.run(context as never);
      }
      job = this.#note({ ...job, state: 'succeeded', progress: 1, ended: this.#time() });
      log.info('done', { action: job.action, target: job.target, by: `${job.door}, ${job.user}` });
    } catch (thrown) {
      const { code, message, hint } = asLabError(thrown);
      const error = hint === undefined ? { code, message } : { code, message, hint };
      // Cut off or out of time, the system may still have done it.
      const unknown = code === 'deadline_passed' || code === 'shutting_down' || code === 'unreachable';
      job = this.#note({ ...job, state: unknown ? 'unknown' : 'failed', error, ended: this.#time() });
      log.warn(`${message}${hint === undefined ? '' : `; ${hint}`}`, {
        action: job.action,
        target: job.target,
        code,
      });
    } finally {
      refresh(request.target);
    }
    return job;
  }

  #note(job: Job): Job {
    this.#jobs.set(job.id, job);
    return job;
  }

  #forgetOld(): void {
    for (const [id, job] of this.#jobs) {
      if (this.#jobs.size <= KEPT) return;
      if (this.#ends.has(id)) continue;
      this.#jobs.delete(id);
      this.#byRequest.delete(job.request_id);
    }
  }

  #time(): string {
    return new Date(this.#parts.clock.now()).toISOString();
  }
}
