import type { ImageReference } from './reference.ts';
import { isDigest } from './reference.ts';

/** What an image is made for. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
}

/** What the papers of an image say, as far as people want to know it. */
export interface Papers {
  /** Of its configuration: to engines that do not keep images as registries do, this is the image's id. */
  readonly config: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Reads papers; `Registries` does it. */
export interface PaperShelf {
  manifest(image: ImageReference, digest: string, signal: AbortSignal): Promise<unknown>;
  blob(image: ImageReference, digest: string, signal: AbortSignal): Promise<unknown>;
}

/** Two requests that registries count, and a third that they do not. Ask once for each digest. */
export async function papersOf(
  shelf: PaperShelf,
  image: ImageReference,
  digest: string,
  platform: Platform,
  signal: AbortSignal,
): Promise<Papers | undefined> {
  const top = await shelf.manifest(image, digest, signal);
  const own = platformDigest(top, platform);
  const manifest = own === undefined ? top : await shelf.manifest(image, own, signal);
  const config = (manifest as { config?: { digest?: unknown } } | null | undefined)?.config?.digest;
  if (!isDigest(config)) return undefined;
  const body = await shelf.blob(image, config, signal);
  return { config, labels: labelsOf((body as { config?: { Labels?: unknown } } | null)?.config?.Labels) };
}

/** The manifest for a platform in an index; undefined: it is no index, or has none for that. */
function platformDigest(index: unknown, { os, architecture, variant }: Platform): string | undefined {
  const { manifests } = (index ?? {}) as { manifests?: unknown };
  if (!Array.isArray(manifests)) return undefined;
  const fitting = (manifests as readonly (IndexEntry | null)[]).filter(
    (entry) => entry?.platform?.os === os && entry.platform.architecture === architecture,
  );
  // An arm/v6 image runs on arm/v7 as well, so another variant is better than none.
  const chosen = fitting.find((entry) => (entry?.platform?.variant ?? '') === (variant ?? '')) ?? fitting[0];
  return isDigest(chosen?.digest) ? chosen.digest : undefined;
}

interface IndexEntry {
  readonly digest?: unknown;
  readonly platform?: { readonly os?: unknown; readonly architecture?: unknown; readonly variant?: unknown };
}

function labelsOf(labels: unknown): Readonly<Record<string, string>> {
  const entries = typeof labels === 'object' && labels !== null ? Object.entries(labels) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
