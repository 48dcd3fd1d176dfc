import { createHash } from 'node:crypto';
import { EngineError } from './errors.ts';

const MIB = 1024 ** 2;
export const IMAGE_BYTES = 800 * MIB;
export const SHARED_BYTES = 100 * MIB;

/** One image that an engine holds. */
export interface SimImage {
  /** `sha256:` and 64 digits. */
  readonly id: string;
  /** `<name>@<digest>`: as what it was pulled; none for one that was built here. */
  readonly digests: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The images of an engine. */
export class Images {
  /** `<repository>:<tag>` to an image's id. */
  readonly #tags = new Map<string, string>();
  readonly #images = new Map<string, SimImage>();
  readonly #published = new Map<string, Partial<SimImage>>();

  /** Puts an image under a tag, as a pull or a build does; what had the tag stays, without it. */
  put(name: string, image: Partial<SimImage> = {}): SimImage {
    const { digests = [], labels = {} } = image;
    const content = JSON.stringify([name, digests, labels]);
    const id = image.id ?? `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const made = { id, digests, labels };
    this.#images.set(id, made);
    this.#tags.set(name, id);
    return made;
  }

  /** @throws EngineError 404 */
  tag(ref: string, name: string): void {
    this.#tags.set(name, this.#find(ref).id);
  }

  /** As somebody who tidies up does it. */
  drop(id: string): void {
    this.#images.delete(id);
  }

  #find(ref: string): SimImage {
    const image = this.#images.get(this.#tags.get(ref) ?? ref);
    if (image === undefined) throw new EngineError(404, `No such image: ${ref}`);
    return image;
  }

  /** Has a registry hold something newer under a tag, for the next pull. */
  publish(name: string, image: Partial<SimImage> = {}): void {
    this.#published.set(name, image);
  }

  /** @throws EngineError where no registry has anything under the tag */
  pull(name: string): void {
    const image = this.#published.get(name);
    if (image === undefined) throw new EngineError(404, `manifest for ${name} not found`);
    this.put(name, image);
  }

  /** `GET /images/json` */
  list(): readonly object[] {
    return [...this.#images.values()].map(({ id, digests }) => ({
      ...{ Id: id, ParentId: '', RepoDigests: digests, Created: 1_700_000_000, Labels: null, Containers: -1 },
      RepoTags: [...this.#tags].flatMap(([name, of]) => (of === id ? [name] : [])),
      ...{ Size: IMAGE_BYTES, SharedSize: SHARED_BYTES, VirtualSize: IMAGE_BYTES },
    }));
  }

  /**
   * Takes a name from an image, and the image with its last one.
   *
   * @param isUsed whether a container is made from it
   * @throws EngineError 404; 409 where one is
   */
  remove(ref: string, isUsed: (id: string) => boolean): void {
    const { id } = this.#find(ref);
    const names = [...this.#tags].filter(([, of]) => of === id).map(([name]) => name);
    const isLast = names.length <= 1;
    if (isLast && isUsed(id))
      throw new EngineError(409, `conflict: unable to remove repository reference "${ref}"`);
    if (this.#tags.has(ref)) this.#tags.delete(ref);
    else if (names.length > 1)
      throw new EngineError(409, `conflict: unable to delete ${ref} (must be forced)`);
    else for (const name of names) this.#tags.delete(name);
    if (isLast) this.#images.delete(id);
  }

  /** Id of what has a tag; undefined: nobody put anything there. */
  tagged(name: string): string | undefined {
    return this.#tags.get(name);
  }

  /** @throws EngineError 404 */
  inspect(ref: string): object {
    const image = this.#find(ref);
    const tags = [...this.#tags].flatMap(([name, id]) => (id === image.id ? [name] : []));
    return {
      Id: image.id,
      RepoTags: tags,
      RepoDigests: image.digests,
      ...{ Architecture: 'amd64', Os: 'linux', Size: 1_000_000 },
      Config: { Labels: Object.keys(image.labels).length === 0 ? null : image.labels },
    };
  }
}

/** The same for the same image. */
export function imageId(image: string): string {
  return `sha256:${Buffer.from(image.padEnd(32, '.')).toString('hex').slice(-64)}`;
}
