import type { Memory, PollTask } from '../../../contract/source.ts';
import type { Clock } from '../../../core/clock.ts';
import { asLabError } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { LabResource } from '../../../kinds/index.ts';
import type { ContainerInspect, ImageInspect } from '../wire.ts';
import { papersOf } from './papers.ts';
import type { ImageReference } from './reference.ts';
import type { Registries } from './registries.ts';
import { type Standing, shownOn } from './shown.ts';
import { TagBook } from './tag-book.ts';
import { type Evidence, subjectOf, type Verdict, verdictOf } from './verdict.ts';
import { versionText } from './words.ts';

/** The engine is asked this often what its tags point at; each registry only when a tag of it is due. */
const LOOK_SECONDS = 600;
/** After a container appeared: others of its stack will follow at once. */
const SOON_MS = 3_000;

export interface UpdatesParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly memory: Memory;
  readonly registries: Registries;
  /** An image of the engine by its id or name; undefined: there is none. */
  readonly image: (name: string, signal: AbortSignal) => Promise<ImageInspect | undefined>;
  /** The containers that are followed, by resource id. */
  readonly containers: () => ReadonlyMap<string, ContainerInspect>;
  /** Something else is to be shown. */
  readonly changed: () => void;
}

interface Shown {
  readonly from: LabResource;
  readonly standing: Standing | undefined;
  readonly as: LabResource;
}

interface Found {
  readonly evidence: Omit<Evidence, 'remote'>;
  readonly containerId: string;
  /** undefined: no registry is to be asked. */
  readonly image: ImageReference | undefined;
}

/** Whether newer images exist than containers run, without pulling any. */
export class Updates {
  readonly tasks: readonly PollTask[];
  readonly #parts: UpdatesParts;
  readonly #book: TagBook;
  readonly #closed = new AbortController();
  #found: ReadonlyMap<string, Found> = new Map();
  #running: Promise<void> | undefined;
  #cancelSoon: (() => void) | undefined;
  #shown: ReadonlyMap<string, Shown> = new Map();
  /** Containers that were looked for, by the beginning of their ids: nobody is looked for twice. */
  readonly #looked = new Set<string>();
  /** Tags that are asked about now: a newer image is told of together with what it is called. */
  readonly #reading = new Set<string>();

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    this.#book = new TagBook(parts.memory);
    this.tasks = [
      {
        ...{ name: 'image updates', tier: 'rare', everySeconds: LOOK_SECONDS },
        run: (signal) => this.#look(signal),
      },
    ];
  }

  /** How a container's image stands to its tag; undefined: not looked at yet. */
  verdict(resourceId: string): Verdict | undefined {
    const found = this.#found.get(resourceId);
    if (found === undefined) return undefined;
    const { image, evidence } = found;
    const { clock } = this.#parts;
    const remote =
      image === undefined
        ? ({ kind: 'unknown', reason: '' } as const)
        : this.#book.answer(tagOf(image), clock.now());
    const verdict = verdictOf({ ...evidence, remote });
    if (verdict.kind !== 'available' || image === undefined) return verdict;
    // The index was made anew around the very image that runs, as when another platform was added.
    const isSame = this.#newsOf(found, image, verdict.latest)?.config === evidence.imageId;
    return isSame ? { ...verdict, kind: 'current', installed: verdict.latest } : verdict;
  }

  /** Adds to containers and stacks what is known of their images. What did not change is the same object as before. */
  shownOn(resources: readonly LabResource[]): readonly LabResource[] {
    const standings = new Map<string, Standing>();
    for (const resource of resources) {
      if (resource.kind !== 'container') continue;
      const standing = this.#standing(resource);
      if (standing !== undefined) standings.set(resource.id, standing);
    }
    const before = this.#shown;
    this.#shown = new Map(
      resources.map((from) => {
        const known = before.get(from.id);
        const standing = standings.get(from.id);
        if (from.kind === 'container' && known?.from === from && same(known.standing, standing)) {
          return [from.id, known];
        }
        return [from.id, { from, standing, as: shownOn(from, standings, resources) }];
      }),
    );
    return [...this.#shown.values()].map(({ as }) => as);
  }

  async close(): Promise<void> {
    this.#cancelSoon?.();
    this.#closed.abort();
    await this.#parts.registries.close();
  }

  #standing({ id, available, facts }: LabResource): Standing | undefined {
    const found = this.#found.get(id);
    const own = String(facts.container_id);
    if (found?.containerId.slice(0, 12) === own) return this.#standingOf(id, found);
    if (available && this.#found.size > 0 && !this.#looked.has(own)) {
      this.#looked.add(own);
      this.#soon();
    }
    // Recreated: what was known is not about this one, but its entities stay.
    const shown = this.#shown.get(id)?.as;
    const installed = shown?.kind === 'container' ? shown.readings.image_version : undefined;
    return installed == null ? undefined : { state: 'unknown', reason: '', installed };
  }

  #soon(): void {
    if (this.#cancelSoon !== undefined || this.#closed.signal.aborted) return;
    this.#cancelSoon = this.#parts.clock.after(SOON_MS, () => {
      this.#cancelSoon = undefined;
      this.#look(this.#closed.signal).catch((thrown: Error) => {
        if (!this.#closed.signal.aborted) this.#parts.log.warn(`image updates: ${thrown.message}`);
      });
    });
  }

  /** One at a time: whoever comes meanwhile waits for that one, and looks after it. */
  async #look(signal: AbortSignal): Promise<void> {
    const both = AbortSignal.any([signal, this.#closed.signal]);
    await this.#running?.catch(() => {});
    both.throwIfAborted();
    this.#running = this.#lookAround(both);
    await this.#running;
  }

  async #lookAround(signal: AbortSignal): Promise<void> {
    const { containers, changed, clock } = this.#parts;
    await this.#askEngine(containers(), signal);
    const images = new Map(
      [...this.#found.values()].flatMap(({ image }) => (image === undefined ? [] : [[tagOf(image), image]])),
    );
    for (const tag of images.keys()) this.#reading.add(tag);
    try {
      changed();
      const due = [...images.values()].filter((image) => this.#book.isDue(tagOf(image), clock.now()));
      const byRegistry = Map.groupBy(due, ({ registry }) => registry);
      await Promise.all([...byRegistry.values()].map((tags) => this.#askRegistry(tags, signal)));
      // Those that could not be read last time.
      await this.#readPapers(undefined, signal);
    } finally {
      this.#reading.clear();
    }
    this.#book.save(new Set(images.keys()));
    changed();
  }

  /** What the engine has, each image asked for once. */
  async #askEngine(containers: ReadonlyMap<string, ContainerInspect>, signal: AbortSignal): Promise<void> {
    const asked = new Map<string, Promise<ImageInspect | undefined>>();
    const imageOf = (name: string): Promise<ImageInspect | undefined> => {
      const known = asked.get(name) ?? this.#parts.image(name, signal);
      asked.set(name, known);
      return known;
    };
    const found = new Map<string, Found>();
    for (const [id, { Id: containerId, Image: imageId = '', Config }] of containers) {
      const about = { asked: Config.Image, imageId, labels: Config.Labels ?? {} };
      const subject = subjectOf(about.asked, about.labels);
      const isAsked = 'image' in subject && imageId !== '';
      const running = isAsked ? await imageOf(imageId) : undefined;
      const local = isAsked ? await imageOf(about.asked) : undefined;
      const evidence = { ...about, running, local };
      const isPulled = (running?.RepoDigests ?? local?.RepoDigests ?? []).length > 0;
      // A name that was only ever given here says nothing to a registry, and would tell it what is built here.
      found.set(id, { evidence, containerId, image: isAsked && isPulled ? subject.image : undefined });
    }
    this.#found = found;
    this.#looked.clear();
  }

  /** Tags of one registry, one after another. */
  async #askRegistry(images: readonly ImageReference[], signal: AbortSignal): Promise<void> {
    const { clock, registries, log, changed } = this.#parts;
    for (const image of images) {
      const tag = tagOf(image);
      try {
        this.#book.learned(tag, await registries.digestOf(image, signal), clock.now());
      } catch (thrown) {
        signal.throwIfAborted();
        const { message, hint, code } = asLabError(thrown);
        log.debug(message, { code });
        this.#book.failed(tag, hint === undefined ? message : `${message}; ${hint}`, clock.now());
      }
      // Told with its version at once: one that gets its name later would be another one to Home Assistant.
      await this.#readPapers(tag, signal);
      this.#reading.delete(tag);
      changed();
    }
  }

  /** What is new, where a tag points at another image than runs; of all tags if none is named. */
  async #readPapers(tag: string | undefined, signal: AbortSignal): Promise<void> {
    const { registries, log } = this.#parts;
    for (const [id, found] of this.#found) {
      const { image, evidence } = found;
      const verdict = this.verdict(id);
      if (verdict?.kind !== 'available' || image === undefined) continue;
      if (tag !== undefined && tagOf(image) !== tag) continue;
      if (this.#newsOf(found, image, verdict.latest) !== undefined) continue;
      const platform = platformOf(evidence);
      try {
        const papers = await papersOf(registries, image, verdict.latest, platform, signal);
        this.#book.read(tagOf(image), verdict.latest, nameOf(platform), papers);
      } catch (thrown) {
        signal.throwIfAborted();
        const { message, code, next } = asLabError(thrown);
        log.debug(message, { code });
        // What will never be readable is not tried again; the digest has to do.
        if (next !== 'retry') this.#book.read(tagOf(image), verdict.latest, nameOf(platform), undefined);
      }
    }
  }

  #newsOf({ evidence }: Found, image: ImageReference, digest: string) {
    return this.#book.news(tagOf(image), digest, nameOf(platformOf(evidence)));
  }

  #standingOf(id: string, found: Found): Standing {
    const { evidence, image } = found;
    const verdict = this.verdict(id) ?? { kind: 'unknown', reason: '' };
    const own = { ...evidence.labels, ...evidence.running?.Config?.Labels };
    if (verdict.kind === 'none') return { state: 'none', reason: verdict.reason };
    if (verdict.kind === 'unknown') {
      return { state: 'unknown', reason: verdict.reason, installed: versionText(own, evidence.imageId) };
    }
    const installed = versionText(own, verdict.installed);
    if (verdict.kind === 'current') return { state: 'current', installed, latest: installed };
    const news = image && this.#newsOf(found, image, verdict.latest);
    const isHere = verdict.kind === 'pulled';
    if (!isHere && news === undefined && image !== undefined && this.#reading.has(tagOf(image)))
      return { state: 'unknown', reason: 'its version is being read', installed };
    const latest = isHere
      ? versionText(evidence.local?.Config?.Labels ?? {}, verdict.latest)
      : (news?.version ?? versionText({}, verdict.latest));
    const labels = isHere ? (evidence.local?.Config?.Labels ?? {}) : own;
    return { state: verdict.kind, installed, latest, releases: news?.releases, labels };
  }
}

const tagOf = ({ registry, repository, tag }: ImageReference): string => `${registry}/${repository}:${tag}`;

function platformOf({ running }: Omit<Evidence, 'remote'>) {
  const { Os = 'linux', Architecture = 'amd64', Variant } = running ?? {};
  return { os: Os, architecture: Architecture, variant: Variant || undefined };
}

const nameOf = ({ os, architecture, variant }: ReturnType<typeof platformOf>): string =>
  [os, architecture, variant].filter((part) => part !== undefined).join('/');

const same = (one: Standing | undefined, other: Standing | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
