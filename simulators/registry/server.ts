import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../addon/src/core/clock.ts';
import { realClock } from '../clock.ts';
import type { Certificate } from '../proxmox/certificate.ts';
import { Contents } from './contents.ts';

/** What a registry is like; changed while it runs, the next request meets it. */
export interface Manners {
  /** How one logs in: not at all, by password, or with a token of its token service. */
  auth: 'none' | 'basic' | 'token';
  /** Repositories that anybody may read; all of them if left out. Where `auth` is `none` nobody is asked. */
  isPublic: (repository: string) => boolean;
  username: string;
  password: string;
  /** Address of its token service; its own if left out. */
  realm: string | undefined;
  /** Seconds that a token is good for; undefined: it does not say, and it is 60. */
  tokenSeconds: number | undefined;
  /** Counted requests (`GET` of a manifest) that are left, as Docker Hub tells it; undefined: nobody counts. */
  remaining: number | undefined;
  /** Refuses everything with 429, and this `Retry-After`. */
  tooMany: { retryAfter?: string } | undefined;
  /** Where it sends whoever asks for manifests or blobs: the origin, and the path as it was unless `path` is given. */
  redirect: { to: string; path?: string } | undefined;
  /** Knows no HEAD. */
  noHead: boolean;
  /** Does not tell digests. */
  noDigest: boolean;
  /** Answers with this status. */
  fails: number | undefined;
  /** Holds back every answer for so long. */
  delayMs: number;
}

/** One request that came in. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  /** When it came, by the clock. */
  readonly at: number;
}

export interface RegistrySimulator {
  readonly contents: Contents;
  readonly manners: Manners;
  readonly seen: Seen[];
  /** Scheme, host and port. */
  readonly url: string;
  /** Host and port, as images name it. */
  readonly host: string;
  /** The most requests that it had to answer at the same time. */
  readonly mostAtOnce: number;
  close(): Promise<void>;
}

export interface RegistrySimulatorOptions {
  /** Left out: plain HTTP. */
  readonly certificate?: Certificate;
  readonly clock?: Clock;
  readonly contents?: Contents;
}

/** Puts a registry on the wire: the reading part of the OCI distribution specification 1.1, and token authentication. */
export async function startRegistrySimulator(
  { certificate, clock = realClock, contents = new Contents() }: RegistrySimulatorOptions = {},
  changed: Partial<Manners> = {},
): Promise<RegistrySimulator> {
  const manners: Manners = {
    auth: 'none',
    isPublic: () => true,
    username: 'robot',
    password: 'pull only, please',
    realm: undefined,
    tokenSeconds: 300,
    remaining: undefined,
    tooMany: undefined,
    redirect: undefined,
    noHead: false,
    noDigest: false,
    fails: undefined,
    delayMs: 0,
    ...changed,
  };
  const seen: Seen[] = [];
  /** Token to the repository that it opens, and until when. */
  const tokens = new Map<string, { readonly repository: string; readonly until: number }>();
  let [atOnce, mostAtOnce] = [0, 0];
  let url = '';

  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const asked = new URL(request.url ?? '/', 'http://registry');
    const { authorization, accept } = headers;
    seen.push({
      method,
      path: `${asked.pathname}${asked.search}`,
      authorization,
      accept,
      at: clock.elapsed(),
    });
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.once('close', () => {
      atOnce -= 1;
    });
    if (manners.delayMs > 0) await new Promise<void>((done) => clock.after(manners.delayMs, done));
    if (asked.pathname === '/token') return void token(asked, authorization, response);
    manifestOrBlob(method, asked.pathname, authorization, response);
  };

  const isLogin = (authorization: string | undefined): boolean =>
    authorization === `Basic ${Buffer.from(`${manners.username}:${manners.password}`).toString('base64')}`;

  function token(asked: URL, authorization: string | undefined, response: ServerResponse): void {
    const [, repository = ''] = /^repository:([^:]+):pull$/.exec(asked.searchParams.get('scope') ?? '') ?? [];
    if (authorization !== undefined && !isLogin(authorization))
      return void refuse(response, 401, 'UNAUTHORIZED');
    const made = randomBytes(24).toString('base64url');
    const { tokenSeconds } = manners;
    // Nobody gets a token that opens nothing: that is how Docker Hub does it.
    if (authorization !== undefined || manners.isPublic(repository))
      tokens.set(made, { repository, until: clock.elapsed() + (tokenSeconds ?? 60) * 1_000 });
    send(response, 200, {}, { token: made, ...(tokenSeconds !== undefined && { expires_in: tokenSeconds }) });
  }

  function mayRead(repository: string, authorization: string | undefined): boolean {
    if (manners.auth === 'none') return true;
    if (manners.auth === 'basic') return isLogin(authorization);
    const held = tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    return held !== undefined && held.repository === repository && held.until > clock.elapsed();
  }

  function manifestOrBlob(
    method: string,
    path: string,
    authorization: string | undefined,
    response: ServerResponse,
  ): void {
    const match =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? /^\/(storage)\/(blobs)\/(.+)$/.exec(path);
    const [, repository = '', what, reference = ''] = match ?? [];
    if (match === null) return void refuse(response, 404, 'NAME_INVALID');
    if (manners.tooMany !== undefined) {
      const { retryAfter } = manners.tooMany;
      return void refuse(
        response,
        429,
        'TOOMANYREQUESTS',
        retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
      );
    }
    if (manners.fails !== undefined) return void refuse(response, manners.fails, 'UNKNOWN');
    if (repository !== 'storage' && !mayRead(repository, authorization))
      return void challenge(repository, response);
    if (manners.redirect !== undefined) {
      const { to, path: elsewhere = path } = manners.redirect;
      return void send(response, 307, { Location: `${to}${elsewhere}` });
    }
    if (method === 'HEAD' && manners.noHead) return void refuse(response, 405, 'UNSUPPORTED');
    const digest = reference.startsWith('sha256:')
      ? reference
      : contents.tags.get(`${repository}:${reference}`);
    const content = (what === 'blobs' ? contents.blobs : contents.manifests).get(digest ?? '');
    if (content === undefined || digest === undefined) return void refuse(response, 404, 'MANIFEST_UNKNOWN');
    if (manners.remaining !== undefined && what === 'manifests' && method === 'GET') manners.remaining -= 1;
    response.writeHead(200, {
      'Content-Type': content.type,
      'Content-Length': content.bytes.length,
      ...(!manners.noDigest && { 'Docker-Content-Digest': digest }),
      ...(manners.remaining !== undefined && {
        'RateLimit-Limit': '100;w=21600',
        'RateLimit-Remaining': `${manners.remaining};w=21600`,
      }),
    });
    response.end(method === 'HEAD' ? undefined : content.bytes);
  }

  function challenge(repository: string, response: ServerResponse): void {
    const realm = manners.realm ?? `${url}/token`;
    const how =
      manners.auth === 'basic'
        ? 'Basic realm="Registry Realm"'
        : `Bearer realm="${realm}",service="registry.test",scope="repository:${repository}:pull"`;
    refuse(response, 401, 'UNAUTHORIZED', { 'WWW-Authenticate': how });
  }

  const server =
    certificate === undefined
      ? createHttpServer(listener)
      : createHttpsServer({ key: certificate.key, cert: certificate.cert }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `${certificate === undefined ? 'http' : 'https'}://${host}`;
  return {
    ...{ contents, manners, seen, url, host },
    get mostAtOnce() {
      return mostAtOnce;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: object,
): void {
  response.writeHead(status, { 'Docker-Distribution-Api-Version': 'registry/2.0', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const refuse = (
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void => send(response, status, headers, { errors: [{ code, message: code.toLowerCase() }] });
