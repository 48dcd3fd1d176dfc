import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ApiToken } from './access.ts';
import { answerRequest } from './answer.ts';
import { type Certificate, derOf, fingerprintOf, makeCertificate } from './certificate.ts';
import type { ProxmoxCluster } from './cluster.ts';
import { Faults } from './faults.ts';
import type { SimNode } from './node.ts';
import type { CertificateFiles } from './views/certificates.ts';

export interface SimulatorOptions {
  readonly cluster: ProxmoxCluster;
  readonly host?: string;
  /** Of the nodes in their order; left out: free ones. */
  readonly ports?: readonly number[];
  /** One for all nodes, in PEM; left out: each its own, signed by the cluster's authority. */
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** The real server answers who is not let in after 3000; default 0. By the cluster's clock. */
  readonly unauthorizedDelayMs?: number;
}

export interface ProxmoxSimulator {
  readonly cluster: ProxmoxCluster;
  /** One a node; each answers for the whole cluster. */
  readonly urls: readonly string[];
  /** By node's name. */
  readonly nodes: ReadonlyMap<string, { readonly url: string; readonly fingerprint: string }>;
  /** Of the first node. */
  readonly fingerprint: string;
  /** PEM of who signed the nodes' certificates. */
  readonly ca: string;
  /** That may use it. */
  readonly tokens: readonly ApiToken[];
  readonly faults: Faults;
  /** The listeners have followed the nodes that went off or on until now. */
  settled(): Promise<void>;
  /** Cuts every connection, and stops the broadcasts. */
  close(): Promise<void>;
}

/** Puts a cluster on the wire: each node a TLS listener. A node that goes off refuses, one that comes back listens. */
export async function startProxmoxSimulator(options: SimulatorOptions): Promise<ProxmoxSimulator> {
  const { cluster, host = '127.0.0.1', ports = [], unauthorizedDelayMs = 0 } = options;
  const faults = new Faults();
  const { ca, certificateOf, filesOf } = certificates(options, host);
  const listeners = await Promise.all(
    cluster.nodes.map(async (node, index) => {
      const certificate = certificateOf(node);
      node.fingerprint = certificate.fingerprint;
      node.certificates = filesOf(node);
      const handle = (request: IncomingMessage, response: ServerResponse): void => {
        void answerRequest({ cluster, node, faults, unauthorizedDelayMs, request, response });
      };
      const listener = new Listener(certificate, handle, host, ports[index] ?? 0);
      await listener.open();
      if (!node.online) await listener.close();
      return { node, listener, fingerprint: certificate.fingerprint };
    }),
  );
  const stopHearing = cluster.onNode((node) => {
    const found = listeners.find((each) => each.node === node);
    if (node.online) void found?.listener.open();
    else void found?.listener.close();
  });
  cluster.broadcast.begin();
  const nodes = new Map(
    listeners.map(({ node, listener, fingerprint }) => [
      node.name,
      { url: `https://${host}:${listener.port}`, fingerprint },
    ]),
  );
  return {
    cluster,
    urls: [...nodes.values()].map(({ url }) => url),
    nodes,
    fingerprint: listeners[0]?.fingerprint ?? '',
    ca,
    tokens: cluster.access.tokens,
    faults,
    settled: async () => {
      await Promise.all(listeners.map(({ listener }) => listener.settled));
    },
    close: async () => {
      stopHearing();
      cluster.broadcast.end();
      await Promise.all(listeners.map(({ listener }) => listener.close()));
    },
  };
}

interface Certificates {
  /** Of whom to trust, in PEM. */
  readonly ca: string;
  /** That a node's server shows. */
  readonly certificateOf: (node: SimNode) => Certificate;
  readonly filesOf: (node: SimNode) => CertificateFiles;
}

function certificates({ certificate: proxy, cluster }: SimulatorOptions, host: string): Certificates {
  const name = `Proxmox Virtual Environment (${cluster.name ?? cluster.nodes[0]?.name ?? ''})`;
  const authority = makeCertificate({ name, hosts: [], authority: true });
  const own = new Map(
    cluster.nodes.map((node) => {
      const hosts = [...new Set([node.name, 'localhost', '127.0.0.1', host, node.spec.ip])];
      return [node, makeCertificate({ name: node.name, hosts, issuer: { ...authority, name } })];
    }),
  );
  const shown = proxy && { ...proxy, fingerprint: fingerprintOf(derOf(proxy.cert)) };
  const ownOf = (node: SimNode): Certificate => own.get(node) ?? authority;
  return {
    ca: proxy?.cert ?? authority.cert,
    certificateOf: (node) => shown ?? ownOf(node),
    filesOf: (node) => ({
      root: authority.cert,
      node: ownOf(node).cert,
      ...(proxy !== undefined && { proxy: proxy.cert }),
    }),
  };
}

/** Keeps its port over being closed and opened again. */
class Listener {
  port: number;
  readonly #host: string;
  readonly #server: Server;
  /** Opening and closing, one after another. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    { key, cert }: Certificate,
    handle: (request: IncomingMessage, response: ServerResponse) => void,
    host: string,
    port: number,
  ) {
    this.#host = host;
    this.port = port;
    // Like the real one it closes idle connections after a while, which nobody here waits for.
    this.#server = createServer({ key, cert, keepAliveTimeout: 0 }, handle);
  }

  open(): Promise<void> {
    return this.#next(async () => {
      if (this.#server.listening) return;
      this.#server.listen({ host: this.#host, port: this.port });
      await once(this.#server, 'listening');
      this.port = (this.#server.address() as AddressInfo).port;
    });
  }

  close(): Promise<void> {
    return this.#next(async () => {
      if (!this.#server.listening) return;
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    });
  }

  get settled(): Promise<void> {
    return this.#last;
  }

  #next(run: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(run, run);
    return this.#last;
  }
}
