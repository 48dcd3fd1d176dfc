/** What an image is asked for by. */
export interface ImageReference {
  /** Host, with its port where one is named, in lower case; `docker.io` for what names none. */
  readonly registry: string;
  readonly repository: string;
  /** `latest` where neither tag nor digest is named; undefined where a digest stands alone. */
  readonly tag: string | undefined;
  /** Pinned: this very content and no other. */
  readonly digest: string | undefined;
}

export const DOCKER_HUB = 'docker.io';
/** Other names of Docker Hub, from the days before and from its API. */
const HUB_NAMES = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

/** Longer ones no registry takes; and what is matched below stays cheap. */
const LONGEST = 512;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const IPV6 = /^\[[0-9a-f:]{2,39}\]$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/;

/**
 * Reads an image's name as `docker run` does: `nginx`, `linuxserver/plex:latest`, `registry.lan:5000/a/b@sha256:…`.
 *
 * @returns undefined for what is no name in a registry: an image's id, or something that the grammar does not know
 */
export function parseReference(text: string): ImageReference | undefined {
  if (text.length > LONGEST || isImageId(text)) return undefined;
  const [name = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const [first = '', ...rest] = name.split('/');
  const named = rest.length > 0 && (/[.:]|[A-Z]/.test(first) || first === 'localhost');
  const registry = named ? registryOf(first) : DOCKER_HUB;
  const path = named ? rest.join('/') : name;
  const colon = path.lastIndexOf(':');
  const repository = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? (digest === undefined ? 'latest' : undefined) : path.slice(colon + 1);
  if (registry === undefined || !isRepository(repository) || (tag !== undefined && !TAG.test(tag))) {
    return undefined;
  }
  const official = registry === DOCKER_HUB && !repository.includes('/');
  return { registry, repository: official ? `library/${repository}` : repository, tag, digest };
}

/** Whether it is a digest as registries and engines write it. */
export const isDigest = (text: unknown): text is string => typeof text === 'string' && DIGEST.test(text);

/** A registry's host in one spelling; undefined: no registry can be there. */
export function registryOf(host: string): string | undefined {
  const plain = host.toLowerCase();
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(plain) ?? [];
  if (!(HOST.test(name) || IPV6.test(name)) || name.length > 253) return undefined;
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) return undefined;
  return HUB_NAMES.has(plain) ? DOCKER_HUB : plain;
}

/** Whether a host, with or without a port, is the machine itself: of whoever looks, not of who wrote it. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return /^(localhost|.*\.localhost|127(\.\d+){3}|0(\.0){3}|\[::1?\])$/.test(name);
}

const isImageId = (text: string): boolean => /^(sha256:)?[0-9a-f]{64}$/.test(text);

const isRepository = (text: string): boolean =>
  text.length <= 255 && text.split('/').every((part) => PATH_PART.test(part));
