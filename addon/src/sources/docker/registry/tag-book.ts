import { createHash } from 'node:crypto';
import type { Memory } from '../../../contract/source.ts';
import type { Papers } from './papers.ts';
import type { TagAnswer } from './verdict.ts';
import { releasesOf, versionText } from './words.ts';

/** Registries are asked for a tag this often. */
const EVERY_MS = 6 * 3_600_000;
/** After a failure; what was known stays true for a day. */
const AGAIN_MS = 3_600_000;
const GOOD_FOR_MS = 24 * 3_600_000;
const KEY = 'image tags';

/** What is worth keeping of an image's papers. */
export interface News {
  /** Of its configuration. */
  readonly config: string;
  readonly version: string;
  readonly releases?: string;
}

interface Entry {
  /** null: there is no such tag. */
  readonly digest?: string | null;
  /** When that was learned, milliseconds since 1970. */
  readonly at?: number;
  /** Why it could not be asked last. */
  readonly failure?: string;
  readonly due: number;
  /** Of that digest, by platform. */
  readonly news?: Readonly<Record<string, News>>;
}

/** What is known of tags, over restarts: a restart is no reason to ask again. */
export class TagBook {
  readonly #memory: Memory;
  #entries: Map<string, Entry> | undefined;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  isDue(tag: string, now: number): boolean {
    const due = this.#all.get(tag)?.due ?? 0;
    // A clock that was set back must not silence it for years.
    return due <= now || due > now + 2 * EVERY_MS;
  }

  answer(tag: string, now: number): TagAnswer {
    const { digest, at = 0, failure } = this.#all.get(tag) ?? {};
    if (digest !== undefined && (failure === undefined || now - at < GOOD_FOR_MS)) {
      return digest === null ? { kind: 'gone' } : { kind: 'found', digest };
    }
    return { kind: 'unknown', reason: failure ?? 'its registry was not asked yet' };
  }

  /** @param digest undefined: there is no such tag */
  learned(tag: string, digest: string | undefined, now: number): void {
    const before = this.#all.get(tag);
    const news = before?.digest === digest ? before?.news : undefined;
    this.#all.set(tag, {
      digest: digest ?? null,
      at: now,
      due: now + EVERY_MS * spreadOf(tag),
      ...(news !== undefined && { news }),
    });
  }

  failed(tag: string, reason: string, now: number): void {
    const { failure: _, due: __, ...before } = this.#all.get(tag) ?? { due: 0 };
    this.#all.set(tag, { ...before, failure: reason, due: now + AGAIN_MS * spreadOf(tag) });
  }

  news(tag: string, digest: string, platform: string): News | undefined {
    const entry = this.#all.get(tag);
    return entry?.digest === digest ? entry.news?.[platform] : undefined;
  }

  /** @param papers undefined: they could not be read, so all that is known is the digest */
  read(tag: string, digest: string, platform: string, papers: Papers | undefined): void {
    const entry = this.#all.get(tag);
    if (entry?.digest !== digest) return;
    const { config = '', labels = {} } = papers ?? {};
    const releases = releasesOf(labels);
    const news = {
      config,
      version: versionText(labels, digest),
      ...(releases !== undefined && { releases }),
    };
    this.#all.set(tag, { ...entry, news: { ...entry.news, [platform]: news } });
  }

  /** Keeps what is known of the tags that somebody uses, for the next run. */
  save(used: ReadonlySet<string>): void {
    for (const tag of this.#all.keys()) if (!used.has(tag)) this.#all.delete(tag);
    const text = JSON.stringify(Object.fromEntries(this.#all));
    if (text !== this.#memory.get(KEY)) this.#memory.put(KEY, text);
  }

  /** Read late: an instance is told only when it is reached under whom it is known. */
  get #all(): Map<string, Entry> {
    this.#entries ??= new Map(
      Object.entries(JSON.parse(this.#memory.get(KEY) ?? '{}') as Record<string, Entry>),
    );
    return this.#entries;
  }
}

/** 0.9 to 1.1, the same for a tag at all times: what was asked together drifts apart. */
function spreadOf(tag: string): number {
  return 0.9 + (createHash('sha256').update(tag).digest().readUInt16BE() / 65_535) * 0.2;
}
