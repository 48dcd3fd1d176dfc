import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { HomeAssistantServer } from './home-assistant-server.ts';

/** As the app of a broker hands it in. */
export interface BrokerService {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
  readonly username?: string;
  readonly password?: string;
}

export interface Pushed {
  readonly uuid: string;
  readonly service: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What of an app's config.yaml decides what it may ask for. */
interface AppConfig {
  readonly services: readonly string[];
  readonly discovery: readonly string[];
  readonly homeassistant_api?: boolean;
}

type Reply = readonly [status: number, body: object];
const ok = (data: object): Reply => [200, { result: 'ok', data }];
const error = (status: number, message: string): Reply => [status, { result: 'error', message }];

/**
 * Stands in for the Supervisor, as far as an app of ours asks it: `/services`, `/discovery`, `/core/websocket`
 * (supervisor/api/services.py, discovery.py, proxy.py of August 2026).
 */
export class SupervisorServer {
  readonly token: string;
  /** undefined: no app of a broker has started. */
  broker: BrokerService | undefined;
  /** How many of the next requests are answered with 500. */
  failing = 0;
  /** What Home Assistant was told. */
  readonly pushed: Pushed[] = [];
  /** What it was told that there is not any more. */
  readonly withdrawn: Pushed[] = [];
  /** Method and path of all requests. */
  readonly asked: string[] = [];
  /** Are told of each of these. */
  onAsked: (what: string) => void = () => {};
  onPushed: (message: Pushed) => void = () => {};
  readonly home = new HomeAssistantServer();
  readonly #app: AppConfig;
  readonly #messages = new Map<string, Pushed>();
  readonly #server = http.createServer((request, response) => void this.#answer(request, response));
  #port = 0;

  constructor(app: AppConfig, token = 'token-of-the-app') {
    this.#app = app;
    this.token = token;
    this.home.token = token;
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      this.#note(`GET ${request.url}`);
      if (request.url === '/core/websocket' && app.homeassistant_api === true)
        this.home.accept(request, socket);
      else socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(host = '127.0.0.1', port = this.#port): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.home.drop();
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #note(what: string): void {
    this.asked.push(what);
    this.onAsked(what);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    this.#note(`${request.method} ${request.url}`);
    const [status, body] = this.#reply(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #reply({ method, url, headers }: IncomingMessage, body: string): Reply {
    if (headers.authorization !== `Bearer ${this.token}`) return error(401, 'Unauthorized');
    if (this.failing > 0) {
      this.failing -= 1;
      return error(500, 'Unknown error, see Supervisor logs');
    }
    const what = `${method} ${url}`;
    if (what === 'GET /services/mqtt') return this.#service();
    if (what === 'POST /discovery') return this.#discovery(JSON.parse(body));
    if (method === 'DELETE' && url?.startsWith('/discovery/')) return this.#withdrawal(url.slice(11));
    return error(403, 'Forbidden');
  }

  #withdrawal(uuid: string): Reply {
    const message = [...this.#messages.values()].find((one) => one.uuid === uuid);
    if (message === undefined) return error(404, 'Discovery message not found');
    this.#messages.delete(message.service);
    this.withdrawn.push(message);
    return ok({});
  }

  #service(): Reply {
    if (!this.#app.services.some((entry) => entry.startsWith('mqtt:')))
      return error(403, 'No access to mqtt service!');
    if (this.broker === undefined) return error(400, 'Service not enabled');
    return ok({ addon: 'core_mosquitto', protocol: '3.1.1', ...this.broker });
  }

  #discovery({ service, config }: Omit<Pushed, 'uuid'>): Reply {
    if (typeof service !== 'string' || typeof config !== 'object') return error(400, 'not a valid value');
    if (!this.#app.discovery.includes(service))
      return error(403, 'Apps must list services they provide via discovery in their config!');
    const before = this.#messages.get(service);
    const uuid = before?.uuid ?? `uuid-${this.#messages.size}`;
    const same = JSON.stringify(before?.config) === JSON.stringify(config);
    const message = { uuid, service, config };
    this.#messages.set(service, message);
    if (!same) {
      this.pushed.push(message);
      this.onPushed(message);
    }
    return ok({ uuid });
  }
}
