import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { ProxmoxSimulator } from './server.ts';

/** One exchange with a node, nothing hidden. */
export interface Reply {
  readonly status: number;
  /** Of the status line. */
  readonly message: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as a form. */
  readonly body?: string | Readonly<Record<string, string | number>>;
  /** PEM of whom to trust. */
  readonly ca: string;
}

/** Asks a node, with a connection of its own. @param url of the node, and the path below it */
export function ask(url: string, { method = 'GET', headers = {}, body, ca }: Asking): Promise<Reply> {
  const content = body === undefined || typeof body === 'string' ? body : formOf(body);
  // Node by itself gives a DELETE no length.
  const form =
    content === undefined
      ? {}
      : {
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': String(Buffer.byteLength(content)),
        };
  const agent = new Agent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, ca, agent, headers: { ...form, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          message: Buffer.from(response.statusMessage ?? '', 'latin1').toString('utf8'),
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(content);
  });
}

function formOf(values: Readonly<Record<string, string | number>>): string {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) form.append(key, String(value));
  return form.toString();
}

/** Asks as one of its tokens, at one of its nodes. */
export class Caller {
  readonly #simulator: ProxmoxSimulator;
  readonly #authorization: string;
  readonly #url: string;

  constructor(simulator: ProxmoxSimulator, tokenId: string, node?: string) {
    const token = simulator.tokens.find(({ id }) => id === tokenId);
    this.#simulator = simulator;
    this.#authorization = `PVEAPIToken=${tokenId}=${token?.secret ?? ''}`;
    this.#url = (node === undefined ? simulator.urls[0] : simulator.nodes.get(node)?.url) ?? '';
  }

  /** @param path below `/api2/json` */
  ask(path: string, asking: Omit<Asking, 'ca'> = {}): Promise<Reply> {
    const headers = { Authorization: this.#authorization, ...asking.headers };
    return ask(`${this.#url}/api2/json${path}`, { ...asking, headers, ca: this.#simulator.ca });
  }

  /** What `data` holds. @throws Error with the status line if it is refused */
  async get<Data>(path: string): Promise<Data> {
    return dataOf(await this.ask(path));
  }

  async post<Data>(path: string, body: Readonly<Record<string, string | number>> = {}): Promise<Data> {
    return dataOf(await this.ask(path, { method: 'POST', body }));
  }

  async delete<Data>(path: string): Promise<Data> {
    return dataOf(await this.ask(path, { method: 'DELETE' }));
  }
}

function dataOf<Data>({ status, message, body }: Reply): Data {
  if (status !== 200) throw new Error(`${status} ${message}`);
  return (JSON.parse(body) as { data: Data }).data;
}
