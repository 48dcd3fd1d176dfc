import type { ImageInspect } from '../wire.ts';
import { type ImageReference, parseReference } from './reference.ts';

/** What the registry said of a tag. */
export type TagAnswer =
  | { readonly kind: 'found'; readonly digest: string }
  | { readonly kind: 'gone' }
  /** With why, for people. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** How a container's image stands to what its tag points at. */
export type Verdict =
  /** There is nothing to compare, and never will be while it is this container. */
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }
  /** `pulled`: the newer one is on the engine already, the container was not recreated. Digests as in `sha256:…`. */
  | {
      readonly kind: 'current' | 'available' | 'pulled';
      readonly installed: string;
      readonly latest: string;
    };

/** What is known of one container's image. */
export interface Evidence {
  /** As the container asks for it. */
  readonly asked: string;
  /** Id of the image that the container was made from. */
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** That image; undefined: the engine has it no more. */
  readonly running: ImageInspect | undefined;
  /** The image that the engine has under the tag now; undefined: none. */
  readonly local: ImageInspect | undefined;
  readonly remote: TagAnswer;
}

/** Labels by which people keep updates away from a container, with the value that does it. Ours first, then others’. */
const KEPT_AWAY: readonly [label: string, value: string][] = [
  ['labkeeper.update', 'false'],
  ['wud.watch', 'false'],
  ['com.centurylinklabs.watchtower.enable', 'false'],
];

/**
 * The name whose tag is to be asked for; else why there is nothing to ask.
 *
 * @param own whether updates of it are looked for is said by these
 */
export function subjectOf(
  asked: string,
  own: Readonly<Record<string, string>>,
): { readonly image: ImageReference } | { readonly reason: string } {
  const label = KEPT_AWAY.find(([name, value]) => own[name]?.trim().toLowerCase() === value)?.[0];
  if (label !== undefined) return { reason: `the label ${label} says so` };
  const image = parseReference(asked);
  if (image === undefined) return { reason: 'its image is known by an id only' };
  if (image.digest !== undefined) return { reason: 'it is pinned to a digest' };
  return { image };
}

/**
 * Compares by the digest of the index, so nothing depends on which platform the engine runs on. Engines that keep images
 * as registries do (containerd) have that digest as the image's id; the others keep it beside the image.
 */
export function verdictOf({ asked, imageId, labels, running, local, remote }: Evidence): Verdict {
  const subject = subjectOf(asked, labels);
  if ('reason' in subject) return { kind: 'none', reason: subject.reason };
  const known = running?.RepoDigests?.map((name) => parseReference(name)) ?? [];
  const all = [...known.map((name) => name?.digest), imageId].filter((digest) => digest !== undefined);
  const pulled = known.find((name) => isSame(name, subject.image))?.digest;
  const installed = pulled ?? imageId;
  if (remote.kind === 'found' && all.includes(remote.digest)) {
    return { kind: 'current', installed: remote.digest, latest: remote.digest };
  }
  const isMoved = local !== undefined && local.Id !== imageId;
  const moved = isMoved ? digestsOf(local, subject.image) : [];
  if (remote.kind === 'found' && isMoved && moved.includes(remote.digest)) {
    return { kind: 'pulled', installed, latest: remote.digest };
  }
  // Built here again: no registry has heard of either.
  if (isMoved && moved.length === 1) return { kind: 'pulled', installed, latest: local.Id };
  if (running === undefined)
    return { kind: 'unknown', reason: 'the engine does not have its image any more' };
  if (pulled === undefined) {
    const reason = known.length === 0 ? 'it was built here' : 'it was not pulled under this name';
    return { kind: 'none', reason };
  }
  if (remote.kind === 'found') return { kind: 'available', installed, latest: remote.digest };
  if (isMoved) return { kind: 'pulled', installed, latest: moved[0] ?? local.Id };
  if (remote.kind === 'gone') return { kind: 'unknown', reason: 'the registry has no such tag any more' };
  return { kind: 'unknown', reason: remote.reason };
}

/** Digests of an image under a name; its id last. */
function digestsOf({ Id, RepoDigests }: ImageInspect, image: ImageReference): readonly string[] {
  const names = RepoDigests?.map((name) => parseReference(name)) ?? [];
  return [...names.flatMap((name) => (isSame(name, image) ? [name?.digest ?? ''] : [])), Id];
}

const isSame = (one: ImageReference | undefined, other: ImageReference): boolean =>
  one?.registry === other.registry && one.repository === other.repository;
