import type { Asker, AuditEntry, BuildOut, HistorySource } from '../lab/asker.ts';
import type { Job } from '../lab/doer.ts';
import type { ApiResource } from '../lab/from-api.ts';
import type { Words } from '../lab/words/words.ts';
import type { Api } from './api.ts';
import type { Feed } from './feed.ts';
import { PageHistory } from './page-history.ts';

/** Asks the app itself. */
export class PageAsker implements Asker {
  readonly history: HistorySource;
  readonly #api: Api;
  readonly #feed: Feed;

  constructor(api: Api, feed: Feed, words: Words) {
    this.#api = api;
    this.#feed = feed;
    this.history = new PageHistory(api, feed, words);
  }

  async jobs(): Promise<readonly Job[]> {
    return this.#feed.jobs;
  }

  async audit(): Promise<readonly AuditEntry[]> {
    return (await this.#api.get<{ entries: readonly AuditEntry[] }>('api/audit?limit=30')).entries;
  }

  buildOut(): Promise<BuildOut> {
    return this.#api.get('api/build-out');
  }

  async readings(kind: string): Promise<readonly ApiResource[]> {
    return this.#feed.resourcesOf(kind);
  }
}
