import type { Asker, AuditEntry, BuildOut, HistorySource } from '../lab/asker.ts';
import type { Job } from '../lab/doer.ts';
import type { ApiResource } from '../lab/from-api.ts';
import { HassHistory } from './history.ts';
import type { Hass } from './types.ts';

/** Asks Labkeeper by way of its integration, and Home Assistant's recorder. */
export class HassAsker implements Asker {
  readonly #hass: () => Hass;
  readonly history: HistorySource;

  constructor(hass: () => Hass) {
    this.#hass = hass;
    this.history = new HassHistory(hass);
  }

  async jobs(): Promise<readonly Job[]> {
    const { jobs } = await this.#ask<{ jobs: readonly Job[] }>({ type: 'labkeeper/jobs', limit: 30 });
    return jobs;
  }

  async audit(): Promise<readonly AuditEntry[]> {
    const { entries } = await this.#ask<{ entries: readonly AuditEntry[] }>({
      type: 'labkeeper/audit',
      limit: 30,
    });
    return entries;
  }

  buildOut(): Promise<BuildOut> {
    return this.#ask({ type: 'labkeeper/build_out' });
  }

  async readings(kind: string): Promise<readonly ApiResource[]> {
    const asked = { type: 'labkeeper/readings', kind };
    return (await this.#ask<{ resources: readonly ApiResource[] }>(asked)).resources;
  }

  /** Whether there is a voice of the Wyoming protocol, which ours is. */
  get voice(): string | undefined {
    const { entities } = this.#hass();
    return Object.values(entities).find(
      ({ entity_id, platform }) => entity_id.startsWith('tts.') && platform === 'wyoming',
    )?.entity_id;
  }

  get say(): ((text: string) => Promise<void>) | undefined {
    const engine = this.voice;
    if (engine === undefined) return undefined;
    return async (message) => {
      const { path } = await this.#hass().callApi<{ path: string }>('POST', 'tts_get_url', {
        ...{ engine_id: engine, message },
      });
      await new Audio(path).play();
    };
  }

  #ask<T>(message: object): Promise<T> {
    return this.#hass().callWS<T>(message);
  }
}
