import { LabError } from '../../../core/errors.ts';
import type { Challenge } from './challenge.ts';
import { isLoopback } from './reference.ts';

/** Token services that belong to a registry and have another host. */
const TOKEN_SERVICES: Readonly<Record<string, string>> = {
  'registry-1.docker.io': 'auth.docker.io',
  'lscr.io': 'ghcr.io',
  'registry.gitlab.com': 'gitlab.com',
};

/** Who asks, and with what. */
export interface Asker {
  /** For errors. */
  readonly name: string;
  /** Scheme, host and port of the registry. */
  readonly origin: string;
  /** Whether the user gave credentials for it. */
  readonly hasCredentials: boolean;
  /** Host of its token service, if the user named one. */
  readonly tokenHost: string | undefined;
}

/** Where a token comes from. */
export interface TokenSource {
  /** Scheme, host and port. */
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  /** The user's credentials may go there. */
  readonly trusted: boolean;
}

/**
 * Where the token is asked for that a registry wants to see. The registry names that place itself, so it might name one
 * that collects passwords: they go to its own host and its known token service, and only over TLS where the registry
 * itself has TLS.
 *
 * @param scope as in `repository:library/nginx:pull`; ours, never what the registry would like us to ask for
 * @throws LabError `source_failed` for a place where nobody should ask, `credentials_refused` for one that is not known
 * to belong to the registry while there are credentials
 */
export function tokenSourceOf(
  { realm, service }: Challenge & { readonly scheme: 'bearer' },
  scope: string,
  { name, origin, hasCredentials, tokenHost }: Asker,
): TokenSource {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const registry = new URL(origin);
  const isOwn = url?.origin === registry.origin;
  const isSecure = url?.protocol === 'https:';
  if (url === undefined || !(isSecure || isOwn) || url.username !== '' || url.password !== '') {
    throw new LabError('source_failed', `${name}: the registry names no proper token service`, {
      hint: 'it has to be an https address, or the registry itself',
    });
  }
  const isKnown = url.host === (tokenHost ?? TOKEN_SERVICES[registry.host])?.toLowerCase();
  // Over TLS, the same host under another port is the same owner; the registry itself is what it is configured to be.
  const trusted = isOwn || (isSecure && (isKnown || url.hostname === registry.hostname));
  if (!trusted && hasCredentials) {
    throw new LabError('credentials_refused', `${name}: the registry sends logins to ${url.host}`, {
      hint: `nothing was sent there; if that is its token service, set token_host to ${url.host}`,
    });
  }
  if (!trusted && isLoopback(url.host)) {
    throw new LabError('source_failed', `${name}: the registry sends logins to this machine itself`);
  }
  url.searchParams.delete('scope');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  return { origin: url.origin, path: `${url.pathname}${url.search}`, trusted };
}
