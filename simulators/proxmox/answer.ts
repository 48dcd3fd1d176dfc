import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProxmoxCluster } from './cluster.ts';
import { notImplemented, PveError, unreachable } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { findMethod, merged, permit } from './methods/index.ts';
import { multipartOf } from './multipart.ts';
import type { SimNode } from './node.ts';
import { verify } from './parameters.ts';
import { bodyOf, identityOf, isUpload, valuesOf } from './request.ts';
import { type Answer, answerOf, refusalOf, send } from './respond.ts';

export interface Exchange {
  readonly cluster: ProxmoxCluster;
  /** That was asked. */
  readonly node: SimNode;
  readonly faults: Faults;
  readonly unauthorizedDelayMs: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const BASE = '/api2/json';

/** Answers one request, as good or as badly as it is to be. Never rejects. */
export async function answerRequest(exchange: Exchange): Promise<void> {
  const { cluster, node, faults, request, response } = exchange;
  try {
    const url = new URL(request.url ?? '/', 'https://node');
    const path = decodedPath(url.pathname);
    const shown = path.startsWith(BASE) ? path.slice(BASE.length) || '/' : path;
    const fault = faults.meet(request.method ?? '', shown, node.name);
    if (fault?.kind === 'hang') return void request.resume();
    if (fault?.kind === 'reset' && fault.carriedOut !== true) return void request.socket.resetAndDestroy();
    if (fault?.kind === 'answer') {
      request.resume();
      return send(request, response, replaced(fault));
    }
    const body = await bodyOf(request).catch((thrown: unknown) => thrown as Error);
    if (fault?.kind === 'delay') await later(cluster, fault.ms);
    const answer =
      body instanceof Error ? refusalOf(body) : carriedOut(exchange, path, url.searchParams, body);
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'truncate') return cutShort(response, answer, fault.bytes);
    if (answer.status === 401 && exchange.unauthorizedDelayMs > 0)
      await later(cluster, exchange.unauthorizedDelayMs);
    send(request, response, answer);
  } catch {
    // The client went away.
    response.destroy();
  }
}

function carriedOut(exchange: Exchange, path: string, query: URLSearchParams, body: Buffer): Answer {
  const { cluster, node, request } = exchange;
  try {
    if (!path.startsWith(`${BASE}/`)) throw new PveError(501, 'no such uri');
    const relative = path.slice(BASE.length);
    const who = identityOf(cluster.access, request, relative);
    const found = findMethod(request.method ?? '', relative);
    if (found === undefined) throw notImplemented(request.method ?? '', relative);
    const { method, inPath } = found;
    const form = isUpload(request) ? multipartOf(request.headers['content-type'] ?? '', body) : undefined;
    const values = merged(inPath, form?.fields ?? valuesOf(request, query, body.toString('utf8')));
    permit(method, who, values);
    // Whichever node is asked takes that for itself.
    const isElsewhere = method.proxied === true && values.node !== 'localhost';
    if (isElsewhere && !cluster.node(String(values.node)).online) throw unreachable();
    verify(values, method.parameters);
    const nobody = { id: '', acl: {}, root: false };
    const call: Parameters<typeof method.run>[0] = {
      ...{ cluster, asked: node, who: who ?? nobody, values },
      ...(form !== undefined && { file: form.data }),
    };
    const data = method.run(call);
    return answerOf(data, call.total);
  } catch (thrown) {
    return refusalOf(thrown);
  }
}

function replaced({
  status,
  message = '',
  type = '',
  body = '',
}: Extract<Fault, { kind: 'answer' }>): Answer {
  return { status, message, type, body };
}

/** Announces the whole and sends a part. */
function cutShort(response: ServerResponse, { status, type, body }: Answer, bytes: number): void {
  const content = Buffer.from(body);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': content.length });
  response.write(content.subarray(0, bytes), () => response.destroy());
}

const later = ({ clock }: ProxmoxCluster, ms: number): Promise<void> =>
  new Promise((resolve) => clock.after(ms, resolve));

function decodedPath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
