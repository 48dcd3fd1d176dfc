import type { Asker, AuditEntry, BuildOut, HistorySource } from '../lab/asker.ts';
import type { Job } from '../lab/doer.ts';
import type { ApiResource } from '../lab/from-api.ts';
import { HassHistory } from './history.ts';
import type { Hass } from './types.ts';

/** Asks Labkeeper by way of its integration, and Home Assistant's recorder. */
export class HassAsker implements Asker {
  readonly #hass: () => Hass;
  readonly #apps: () => readonly string[];
  readonly history: HistorySource;

  /** @param apps each Labkeeper, by its entry: they are asked one by one */
  constructor(hass: () => Hass, apps: () => readonly string[]) {
    this.#hass = hass;
    this.#apps = apps;
    this.history = new HassHistory(hass);
  }

  async jobs(): Promise<readonly Job[]> {
    const answers = await this.#ask<{ jobs: readonly Job[] }>({ type: 'labkeeper/jobs', limit: 30 });
    return answers.flatMap(({ jobs }) => jobs).sort((a, b) => (a.created < b.created ? 1 : -1));
  }

  async audit(): Promise<readonly AuditEntry[]> {
    if (this.#hass().user?.is_admin !== true) return [];
    const asked = { type: 'labkeeper/audit', limit: 30 };
    const answers = await this.#ask<{ entries: readonly AuditEntry[] }>(asked);
    return answers.flatMap(({ entries }) => entries).sort((a, b) => (a.time < b.time ? 1 : -1));
  }

  async buildOut(): Promise<BuildOut> {
    const [first] = await this.#ask<BuildOut>({ type: 'labkeeper/build_out' });
    return first as BuildOut;
  }

  async readings(kind: string): Promise<readonly ApiResource[]> {
    const asked = { type: 'labkeeper/readings', kind };
    const answers = await this.#ask<{ resources: readonly ApiResource[] }>(asked);
    return answers.flatMap(({ resources }) => resources);
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

  /** Without any, Home Assistant says what is missing. */
  #ask<T>(message: object): Promise<T[]> {
    const apps = this.#apps();
    const each = apps.length === 0 ? [{}] : apps.map((app) => ({ config_entry_id: app }));
    return Promise.all(each.map((which) => this.#hass().callWS<T>({ ...message, ...which })));
  }
}
