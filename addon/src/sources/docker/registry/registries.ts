import { createHash } from 'node:crypto';
import type { Clock } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import { Meter } from '../../../core/meter.ts';
import type { HttpAnswer } from '../../../net/http-client.ts';
import type { RegistryOptions } from './config.ts';
import { Endpoint, type Question } from './endpoint.ts';
import { DOCKER_HUB, type ImageReference, isDigest, isLoopback, registryOf } from './reference.ts';

/** An index of several platforms, or one platform's manifest: whatever the tag points at. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;

export interface RegistriesParts {
  /** For errors: the engine that the images are for. */
  readonly name: string;
  readonly clock: Clock;
}

/** All registries that images name, each by its own endpoint. Nothing is ever pulled. */
export class Registries {
  readonly #parts: RegistriesParts;
  readonly #meter: Meter;
  readonly #given: ReadonlyMap<string, RegistryOptions>;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor(options: readonly RegistryOptions[], parts: RegistriesParts) {
    this.#parts = parts;
    // Not the engine's: it is not slower because a registry is.
    this.#meter = new Meter(parts.clock);
    this.#given = new Map(options.map((given) => [registryOf(given.host) ?? given.host, given]));
  }

  /**
   * What a tag points at now: the digest of its index, or of its manifest where there is but one platform. Asked with
   * `HEAD`, which registries do not count as a pull.
   *
   * @returns undefined: there is no such tag
   * @throws LabError for whatever keeps it from being known
   */
  async digestOf(image: ImageReference, signal: AbortSignal): Promise<string | undefined> {
    const path = manifestPath(image, image.tag ?? 'latest');
    const head = await this.#ask(image, 'HEAD', path, MANIFESTS, signal);
    if (head.status === 404) return undefined;
    const told = head.headers['docker-content-digest'];
    if (head.status === 200 && isDigest(told)) return told;
    if (head.status !== 200 && head.status !== 405) throw this.#odd(image, head.status);
    // Some registries know no HEAD, or no such header there.
    const { status, body, headers } = await this.#ask(image, 'GET', path, MANIFESTS, signal);
    if (status === 404) return undefined;
    if (status !== 200) throw this.#odd(image, status);
    const again = headers['docker-content-digest'];
    return isDigest(again) ? again : sha256(body);
  }

  /**
   * A manifest or index, by its digest, and what it is checked to be.
   *
   * @returns undefined: it is not there
   * @throws LabError `too_many_requests` also where the registry counts and few pulls are left
   */
  manifest(image: ImageReference, digest: string, signal: AbortSignal): Promise<unknown> {
    return this.#content(image, manifestPath(image, digest), MANIFESTS, digest, signal);
  }

  /** A blob that is JSON, as an image's configuration is. undefined as of `manifest`. */
  blob(image: ImageReference, digest: string, signal: AbortSignal): Promise<unknown> {
    const path = `/v2/${image.repository}/blobs/${digest}`;
    return this.#content(image, path, 'application/json, */*', digest, signal);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
  }

  async #content(
    image: ImageReference,
    path: string,
    accept: string,
    digest: string,
    signal: AbortSignal,
  ): Promise<unknown> {
    if (this.#endpoint(this.#originOf(image)).isScarce) {
      throw new LabError(
        'too_many_requests',
        `${this.#nameOf(image.registry)}: the last pulls are the user’s`,
      );
    }
    const { status, body } = await this.#ask(image, 'GET', path, accept, signal);
    if (status === 404) return undefined;
    if (status !== 200) throw this.#odd(image, status);
    if (sha256(body) !== digest) {
      throw new LabError(
        'source_failed',
        `${this.#nameOf(image.registry)}: the content is not what its digest says`,
      );
    }
    try {
      return JSON.parse(body);
    } catch (cause) {
      throw new LabError('source_failed', `${this.#nameOf(image.registry)}: no JSON`, { cause });
    }
  }

  /** Follows redirects; at each host as whom the user is there, if anybody. */
  async #ask(
    { registry, repository }: ImageReference,
    method: Question['method'],
    path: string,
    accept: string,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let [origin, at] = [this.#originOf({ registry }), path];
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      // Where a redirect leads to other than a registry's paths, storage that needs no login is.
      const asWhom = at.startsWith('/v2/') ? repository : undefined;
      const question = { method, path: at, accept, repository: asWhom };
      const answer = await this.#endpoint(origin).ask(question, signal);
      if (!REDIRECTS.has(answer.status)) return answer;
      const to = this.#targetOf(registry, answer.headers.location, `${origin}${at}`);
      [origin, at] = [to.origin, `${to.pathname}${to.search}`];
    }
    throw new LabError('source_failed', `${this.#nameOf(registry)} leads from one place to the next`);
  }

  #targetOf(registry: string, location: string | string[] | undefined, from: string): URL {
    const to =
      typeof location === 'string' && URL.canParse(location, from) ? new URL(location, from) : undefined;
    const isKnown = to?.origin === new URL(from).origin || this.#givenAt(to?.origin) !== undefined;
    const isElsewhere = to?.protocol === 'https:' && !isLoopback(to.host);
    if (to === undefined || to.username !== '' || !(isKnown || isElsewhere)) {
      throw new LabError('source_failed', `${this.#nameOf(registry)} leads to where nobody should go`);
    }
    return to;
  }

  /** What the user said of the registry there, if anything. */
  #givenAt(origin: string | undefined): RegistryOptions | undefined {
    const hosts = [...this.#given.keys()];
    return this.#given.get(hosts.find((registry) => this.#originOf({ registry }) === origin) ?? '');
  }

  #originOf({ registry }: Pick<ImageReference, 'registry'>): string {
    const given = this.#given.get(registry);
    if (given?.url !== undefined) return new URL(given.url).origin;
    // `localhost` in an image's name is the engine's machine, which is not ours.
    if (given === undefined && isLoopback(registry)) {
      throw new LabError('source_refused', `${registry} is the engine’s own machine`, {
        hint: 'name it under registries, with the address under which it is reached from here',
      });
    }
    return new URL(`https://${registry === DOCKER_HUB ? 'registry-1.docker.io' : registry}`).origin;
  }

  #endpoint(origin: string): Endpoint {
    const known = this.#endpoints.get(origin);
    if (known !== undefined) return known;
    const given = this.#givenAt(origin);
    const { username, password, token_host, ca, fingerprint, insecure } = given ?? {};
    const endpoint = new Endpoint({
      name: this.#nameOf(given?.host ?? new URL(origin).host),
      origin,
      trust: {
        ...(ca !== undefined && { ca }),
        ...(fingerprint !== undefined && { fingerprint }),
        verify: insecure !== true,
      },
      login: username === undefined || password === undefined ? undefined : { username, password },
      tokenHost: token_host,
      clock: this.#parts.clock,
      meter: this.#meter,
    });
    this.#endpoints.set(origin, endpoint);
    return endpoint;
  }

  #nameOf(registry: string): string {
    return `${this.#parts.name}: registry ${registry}`;
  }

  #odd({ registry }: ImageReference, status: number): LabError {
    return new LabError('source_failed', `${this.#nameOf(registry)} failed (${status})`);
  }
}

const manifestPath = ({ repository }: ImageReference, reference: string): string =>
  `/v2/${repository}/manifests/${reference}`;

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
