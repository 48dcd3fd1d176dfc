import type { Deed } from '../lab/actions.ts';
import type { Doer, Job, Plan } from '../lab/doer.ts';
import type { Thing } from '../lab/thing.ts';
import { type Api, ApiError, messageOf } from './api.ts';
import { isAdministrator, may } from './context.ts';
import type { Action, Me } from './wire.ts';

/** Does things by the app's own interface. */
export class PageDoer implements Doer {
  readonly #api: Api;
  readonly #me: Me;
  readonly #actions: readonly Action[];

  constructor(api: Api, me: Me, actions: readonly Action[]) {
    this.#api = api;
    this.#me = me;
    this.#actions = actions;
  }

  get administrator(): boolean {
    return isAdministrator(this.#me);
  }

  has(action: string): boolean {
    return this.#actions.some(({ id, risk }) => id === action && may(this.#me, risk));
  }

  async plan({ action, input = {}, risk }: Deed, { id, name }: Thing, requestId: string): Promise<Plan> {
    const confirm = risk === 'destroy' ? name : risk === 'disrupt' ? true : undefined;
    const asked = { target: id, input, dry_run: true, request_id: requestId, confirm };
    const { plan } = await worded(this.#api.post<{ plan: Plan }>(`api/actions/${action}`, asked));
    return plan;
  }

  async run(
    { action, input = {} }: Deed,
    { id }: Thing,
    { confirm, requestId }: { readonly confirm?: string | boolean; readonly requestId?: string },
  ): Promise<Job> {
    const asked = { target: id, input, confirm, request_id: requestId };
    const { job } = await worded(this.#api.post<{ job: Job }>(`api/actions/${action}`, asked));
    return job;
  }

  async job(id: string): Promise<Job> {
    const { job } = await worded(this.#api.get<{ job: Job }>(`api/jobs/${encodeURIComponent(id)}`));
    return job;
  }
}

async function worded<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (thrown) {
    throw thrown instanceof ApiError ? new Error(messageOf(thrown)) : thrown;
  }
}
