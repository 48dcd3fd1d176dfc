import { ApiLab, type ApiResource, type NameOf } from '../lab/from-api.ts';
import { EMPTY, type LabView } from '../lab/thing.ts';
import type { Api } from './api.ts';
import { type Finding, isOver, type Job } from './wire.ts';

interface LabAnswer {
  readonly resources: readonly ApiResource[];
  readonly findings: readonly Finding[];
}

/** What changes a second are put together to. */
const GATHER_MS = 250;
const MOST_JOBS = 200;
/** A page that nobody looks at lets go of the stream, of which there are only so many. */
const HIDDEN_MS = 60_000;

/** The lab as it is, kept up by the app's events. */
export class Feed {
  view: LabView = EMPTY;
  findings: readonly Finding[] = [];
  /** The newest first. */
  jobs: readonly Job[] = [];
  /** undefined: that is not known yet. */
  connected: boolean | undefined;
  /** The lab was read once. */
  ready = false;
  readonly #api: Api;
  readonly #lab: ApiLab;
  readonly #listeners = new Set<() => void>();
  #resources = new Map<string, ApiResource>();
  #etag = '';
  #events: EventSource | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, nameOf: NameOf) {
    this.#api = api;
    this.#lab = new ApiLab(EMPTY, nameOf);
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  /** Calls `listener` after each change. The returned function ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#events !== undefined) return;
    const events = new EventSource('api/events');
    this.#events = events;
    const on = <T>(name: string, take: (data: T) => void): void =>
      events.addEventListener(name, ({ data }) => take(JSON.parse(data) as T));
    on<{ etag: string }>('hello', ({ etag }) => {
      this.connected = true;
      this.#tell();
      void this.#read(etag);
    });
    on<{ changed: ApiResource[]; removed: string[] }>('lab', ({ changed, removed }) => {
      for (const resource of changed) this.#resources.set(resource.id, resource);
      for (const id of removed) this.#resources.delete(id);
      this.#gather();
    });
    on<{ findings: Finding[] }>('findings', ({ findings }) => {
      this.findings = findings;
      this.#gather();
    });
    on<Job>('job', (job) => {
      this.jobs = [job, ...this.jobs.filter(({ id }) => id !== job.id)]
        .sort((a, b) => (a.created < b.created ? 1 : -1))
        .slice(0, MOST_JOBS);
      this.#tell();
    });
    events.onerror = () => {
      this.connected = false;
      this.#tell();
      // A refusal is not tried again by itself.
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.#again(), 10_000);
    };
  }

  /** Everything of a kind, as the app tells it. */
  resourcesOf(kind: string): readonly ApiResource[] {
    return [...this.#resources.values()].filter((one) => one.kind === kind);
  }

  /** What the app knows of a thing beside its readings: `console`, `serial` … */
  factOf(id: string, key: string): unknown {
    return this.#resources.get(id)?.facts?.[key];
  }

  /** Jobs that are not over. */
  get running(): number {
    return this.jobs.filter((job) => !isOver(job)).length;
  }

  async #read(etag: string): Promise<void> {
    try {
      if (etag !== this.#etag) {
        const { resources, findings } = await this.#api.get<LabAnswer>('api/lab');
        this.#resources = new Map(resources.map((one) => [one.id, one]));
        this.findings = findings;
        this.#etag = etag;
      }
      const { jobs } = await this.#api.get<{ jobs: Job[] }>('api/jobs?limit=100');
      this.jobs = jobs;
      this.ready = true;
      this.#gather();
    } catch {
      this.connected = false;
      this.#tell();
      setTimeout(() => this.#again(), 5_000);
    }
  }

  #again(): void {
    this.#stop();
    if (!document.hidden) this.start();
  }

  #stop(): void {
    this.#events?.close();
    this.#events = undefined;
    // What happens from now on is not heard.
    this.#etag = '';
  }

  #seen(): void {
    clearTimeout(this.#hiding);
    if (document.hidden) this.#hiding = setTimeout(() => this.#stop(), HIDDEN_MS);
    else this.start();
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const resources = [...this.#resources.values()];
      this.view = this.#lab.take({ resources, findings: this.findings });
      this.#tell();
    }, GATHER_MS);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
