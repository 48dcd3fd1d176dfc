import type { Deed } from '../lab/actions.ts';
import type { Doer, Job, Plan } from '../lab/doer.ts';
import type { Thing } from '../lab/thing.ts';
import type { Hass } from './types.ts';

/** Does things by Labkeeper's actions where the integration is there, else by the entities. */
export class HassDoer implements Doer {
  readonly #hass: () => Hass;

  constructor(hass: () => Hass) {
    this.#hass = hass;
  }

  get administrator(): boolean {
    return this.#hass().user?.is_admin === true;
  }

  has(action: string): boolean {
    return this.#hass().services.labkeeper?.[action] !== undefined;
  }

  async plan({ action, input = {} }: Deed, { resource, app }: Thing, requestId: string): Promise<Plan> {
    const asked = {
      ...{ type: 'labkeeper/plan', action, target: resource, input, request_id: requestId },
      ...(app !== undefined && { config_entry_id: app }),
    };
    const { plan } = await worded(this.#hass().callWS<{ plan: Plan }>(asked));
    return plan;
  }

  async run(
    deed: Deed,
    thing: Thing,
    { confirm, requestId }: { readonly confirm?: string | boolean; readonly requestId?: string },
  ): Promise<Job | undefined> {
    const hass = this.#hass();
    if (this.has(deed.action) && thing.device !== undefined) {
      const data = {
        ...{ device_id: [thing.device], ...deed.input, wait: 0 },
        ...(confirm !== undefined && { confirm }),
        ...(requestId !== undefined && { request_id: requestId }),
      };
      const called = hass.callService('labkeeper', deed.action, data, undefined, false, true);
      const { response } = (await worded(called)) as { response?: { jobs?: readonly Job[] } };
      return response?.jobs?.[0];
    }
    const [key, service] = deed.control ?? ['', ''];
    const entity = thing.readings[key]?.entity;
    if (entity === undefined) throw new Error(`Labkeeper: there is no entity “${key}” of ${thing.name}`);
    const [domain = ''] = entity.split('.');
    await worded(hass.callService(domain, service, {}, { entity_id: entity }, false));
    return undefined;
  }

  async job(id: string, { app }: Thing): Promise<Job> {
    const asked = { type: 'labkeeper/job', job: id, ...(app !== undefined && { config_entry_id: app }) };
    const { job } = await worded(this.#hass().callWS<{ job: Job }>(asked));
    return job;
  }
}

/** Home Assistant rejects with `{code, message}`, which is no Error. */
async function worded<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (thrown) {
    const { message } = (thrown ?? {}) as { message?: unknown };
    throw new Error(typeof message === 'string' ? message : String(thrown));
  }
}
