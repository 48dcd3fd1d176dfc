import type { ActionRequest } from '../contract/action.ts';
import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import type { Plan } from './plan.ts';

const MOST = 500;

/** Dry runs that were made with a request id: the job with the same id carries out that, and nothing else. */
export class DryRuns {
  readonly #clock: Clock;
  readonly #plans = new Map<string, { readonly plan: Plan; readonly asked: string }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(request: ActionRequest, plan: Plan): void {
    if (!request.requestId) return;
    this.#plans.delete(request.requestId);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size >= MOST && oldest !== undefined) this.#plans.delete(oldest);
    this.#plans.set(request.requestId, { plan, asked: askedIn(request) });
  }

  /**
   * What a request was planned for; undefined: nobody asked before.
   *
   * @throws LabError `plan_expired`; `target_changed` where something else is asked for now
   */
  take(request: ActionRequest): string | undefined {
    const found = this.#plans.get(request.requestId ?? '');
    if (found === undefined) return undefined;
    const hint = 'make a new dry run, and look at it';
    if (Date.parse(found.plan.expires) < this.#clock.now()) {
      throw new LabError('plan_expired', `its dry run held until ${found.plan.expires}`, { hint });
    }
    if (found.asked !== askedIn(request)) {
      throw new LabError('target_changed', 'its dry run was made for something else', { hint });
    }
    this.#plans.delete(request.requestId ?? '');
    return found.plan.fingerprint;
  }
}

const askedIn = ({ action, target, input }: ActionRequest): string => JSON.stringify([action, target, input]);
