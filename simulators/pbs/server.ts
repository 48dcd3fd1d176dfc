import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Certificate, makeCertificate } from '../proxmox/certificate.ts';
import { Faults } from '../proxmox/faults.ts';
import { type Acl, dataOf, PbsRefusal } from './answers.ts';
import type { BackupServer } from './backup-server.ts';

const BASE = '/api2/json';

export interface PbsSimulator {
  readonly server: BackupServer;
  readonly url: string;
  readonly fingerprint: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
  /** What the token may do. */
  acl: Acl;
  readonly faults: Faults;
  /** Cuts every connection. */
  close(): Promise<void>;
}

export interface PbsSimulatorOptions {
  readonly server: BackupServer;
  readonly host?: string;
  /** Left out: a free one. */
  readonly port?: number;
  readonly certificate?: Certificate;
}

/** Puts a Proxmox Backup Server on the wire. */
export async function startPbsSimulator(options: PbsSimulatorOptions): Promise<PbsSimulator> {
  const { server, host = '127.0.0.1', port = 0 } = options;
  const certificate = options.certificate ?? makeCertificate({ name: 'pbs', hosts: ['localhost', host] });
  const tokenId = 'labkeeper@pbs!homeassistant';
  const tokenSecret = '3f2b8c1e-5d7a-4e9f-8b60-a1c2d3e4f506';
  const faults = new Faults();

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'https://pbs');
    const path = url.pathname.startsWith(`${BASE}/`) ? url.pathname.slice(BASE.length) : undefined;
    const fault = faults.meet(request.method ?? 'GET', path ?? url.pathname, '');
    request.resume();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'answer') {
      const { status, type = 'text/plain', body = '' } = fault;
      return void response.writeHead(status, { 'content-type': type }).end(body);
    }
    try {
      if (path === undefined) throw new PbsRefusal(404, 'Path not found.');
      if (request.method !== 'GET') throw new PbsRefusal(405, 'Method not allowed.');
      if (request.headers.authorization !== `PBSAPIToken=${tokenId}:${tokenSecret}`) {
        throw new PbsRefusal(401, 'authentication failed - invalid credentials');
      }
      const { acl } = simulator;
      const data = dataOf({
        server,
        acl,
        path,
        query: url.searchParams,
        fingerprint: certificate.fingerprint,
      });
      send(response, JSON.stringify({ data }), fault?.kind === 'truncate' ? fault.bytes : undefined);
    } catch (thrown) {
      if (!(thrown instanceof PbsRefusal)) return void request.socket.destroy();
      response.writeHead(thrown.status, { 'content-type': 'text/plain' }).end(`${thrown.message}\n`);
    }
  }

  const listener = createServer({ key: certificate.key, cert: certificate.cert }, handle);
  listener.listen({ host, port });
  await once(listener, 'listening');
  const simulator: PbsSimulator = {
    server,
    url: `https://${host}:${(listener.address() as AddressInfo).port}`,
    fingerprint: certificate.fingerprint,
    ...{ tokenId, tokenSecret, faults },
    acl: { '/': ['Audit'] },
    close: async () => {
      const closed = once(listener, 'close');
      listener.close();
      listener.closeAllConnections();
      await closed;
    },
  };
  return simulator;
}

function send(response: ServerResponse, content: string, bytes: number | undefined): void {
  const headers = {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': Buffer.byteLength(content),
  };
  response.writeHead(200, headers);
  if (bytes === undefined) return void response.end(content);
  response.write(content.slice(0, bytes));
  response.destroy();
}
