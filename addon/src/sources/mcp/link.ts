import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { PaginatedResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Clock } from '../../core/clock.ts';
import { LabError } from '../../core/errors.ts';
import { VERSION } from '../../core/version.ts';
import { withDeadline } from '../../net/deadline.ts';
import type { WebFetch } from '../../net/web-fetch.ts';
import { explain, type HttpSeen } from './explain.ts';

/** Of one list. */
const MOST_PAGES = 100;
const MOST_ITEMS = 5_000;
const GOODBYE_MS = 3_000;
/** Deadlines are ours. */
const NEVER_MS = 2 ** 31 - 1;

export type Way = 'http' | 'sse';

export type ListMethod = 'tools/list' | 'resources/list' | 'resources/templates/list' | 'prompts/list';

export interface LinkParts {
  readonly url: URL;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly web: WebFetch;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** What a server said of itself. Names are hostile input. */
export interface Greeting {
  readonly protocol: string;
  readonly latencyMs: number;
  readonly name: string;
  readonly title: string | undefined;
  readonly version: string;
  readonly website: string | undefined;
  readonly offers: {
    readonly tools: boolean;
    readonly resources: boolean;
    readonly prompts: boolean;
    /** It tells when its tools change. */
    readonly news: boolean;
  };
}

/** One session with a server: all that is used of the SDK is in here. */
export class McpLink {
  readonly way: Way;
  /** Resolves when its stream of messages is over: whether there was any. */
  readonly ended: Promise<boolean>;
  onToolsChanged = (): void => {};

  readonly #parts: LinkParts;
  readonly #client: Client;
  readonly #transport: StreamableHTTPClientTransport | SSEClientTransport;
  readonly #end: (hadStream: boolean) => void;
  readonly #broken: Promise<never>;
  readonly #break: (error: unknown) => void;
  #seen: HttpSeen | undefined;
  #protocol = '';
  #initialiseSent = 0;
  #latencyMs = 0;

  constructor(way: Way, parts: LinkParts) {
    this.way = way;
    this.#parts = parts;
    const ended = Promise.withResolvers<boolean>();
    this.ended = ended.promise;
    this.#end = ended.resolve;
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => {});
    this.#broken = broken.promise;
    this.#break = broken.reject;
    const options = {
      fetch: (url: string | URL, init?: RequestInit) => this.#fetch(url, init),
      requestInit: { headers: { ...parts.headers } },
    };
    this.#transport =
      way === 'http'
        ? new StreamableHTTPClientTransport(parts.url, {
            ...options,
            // A stream that broke says that something happened: the server is looked at anew.
            reconnectionOptions: {
              ...{ initialReconnectionDelay: 1_000, maxReconnectionDelay: 1_000 },
              ...{ reconnectionDelayGrowFactor: 1, maxRetries: 0 },
            },
          })
        : new SSEClientTransport(parts.url, options);
    this.#overhear();
    this.#client = new Client(
      { name: 'labkeeper', version: VERSION },
      // Tools are counted and never called, so no schema of theirs is ever compiled.
      {
        jsonSchemaValidator: {
          getValidator: () => () => ({ valid: false, data: undefined, errorMessage: '' }),
        },
      },
    );
    this.#client.onerror = (error) => {
      if (error.name === 'SyntaxError' || error.name.endsWith('ZodError')) this.#break(error);
    };
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.onToolsChanged());
  }

  /**
   * Connects and initialises.
   *
   * @throws LabError what is wrong, and what to do; `path_wrong` if it does not know this way
   */
  async open(signal: AbortSignal): Promise<Greeting> {
    await this.#exchange('initialize', signal, () =>
      this.#client.connect(this.#transport as Transport, { timeout: NEVER_MS }),
    );
    const about = this.#client.getServerVersion();
    const { tools, resources, prompts } = this.#client.getServerCapabilities() ?? {};
    return {
      ...{ protocol: this.#protocol, latencyMs: this.#latencyMs },
      ...{ name: about?.name ?? '', title: about?.title, version: about?.version ?? '' },
      website: about?.websiteUrl,
      offers: {
        ...{ tools: tools !== undefined, resources: resources !== undefined, prompts: prompts !== undefined },
        news: tools?.listChanged === true,
      },
    };
  }

  /**
   * All pages of a list. What is in it is untrusted.
   *
   * @throws LabError `source_refused` when it knows no such list
   */
  async list(method: ListMethod, signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const key = method === 'resources/templates/list' ? 'resourceTemplates' : method.split('/', 1)[0];
    const found: Readonly<Record<string, unknown>>[] = [];
    const cursors = new Set<string>();
    for (let cursor: string | undefined; cursors.size < MOST_PAGES; ) {
      const params = cursor === undefined ? {} : { params: { cursor } };
      const page: Record<string, unknown> & { nextCursor?: string | undefined } = await this.#exchange(
        method,
        signal,
        () => this.#client.request({ method, ...params }, PaginatedResultSchema, { timeout: NEVER_MS }),
      );
      const items: unknown = page[key as string];
      if (!Array.isArray(items))
        throw new LabError('protocol_wrong', `${this.#parts.name}: its answer to ${method} is no list`);
      for (const item of items) if (typeof item === 'object' && item !== null) found.push(item);
      cursor = page.nextCursor;
      if (cursor === undefined || cursor === '' || found.length >= MOST_ITEMS) return found;
      // A server that goes round in circles would never come to an end.
      if (cursors.has(cursor)) return found;
      cursors.add(cursor);
    }
    return found;
  }

  /** Takes leave, so that the server need not remember us. */
  async close(): Promise<void> {
    const { clock, name } = this.#parts;
    if (this.#transport instanceof StreamableHTTPClientTransport && this.#transport.sessionId !== undefined) {
      const transport = this.#transport;
      await withDeadline(clock, `${name}: goodbye`, GOODBYE_MS, undefined, () =>
        transport.terminateSession(),
      ).catch(() => {});
    }
    await this.cut();
  }

  /** Ends it without a word. */
  async cut(): Promise<void> {
    await this.#client.close().catch(() => {});
    // A client that was never connected does not know its transport.
    await this.#transport.close().catch(() => {});
  }

  async #exchange<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { clock, name, timeoutMs, headers } = this.#parts;
    try {
      return await withDeadline(clock, `${name}: ${what}`, timeoutMs, signal, () =>
        Promise.race([this.#broken, work()]),
      );
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      throw explain(name, thrown, this.#seen, Object.keys(headers).length > 0);
    }
  }

  async #fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const isStream = (init.method ?? 'GET') === 'GET';
    try {
      const answer = await this.#parts.web.fetch(url, init, {
        ...(isStream && { onEnd: () => this.#end(true) }),
      });
      const { status, headers, ok } = answer;
      if (isStream && !ok) this.#end(false);
      // Not every server gives such a stream, and that it does not is no failure.
      if (!isStream || this.way === 'sse') {
        this.#seen = {
          ...{ status, contentType: headers.get('content-type') ?? '' },
          location: headers.get('location') ?? undefined,
          wantsLogin: (headers.get('www-authenticate') ?? '').includes('resource_metadata'),
        };
      }
      return answer;
    } catch (thrown) {
      if (isStream) this.#end(false);
      if (thrown instanceof LabError && (!isStream || this.way === 'sse')) this.#break(thrown);
      throw thrown;
    }
  }

  /** The client keeps to itself which version was agreed on, and when. */
  #overhear(): void {
    const { clock } = this.#parts;
    const transport = this.#transport;
    const send = transport.send.bind(transport) as Transport['send'];
    transport.send = (message: Parameters<Transport['send']>[0]) => {
      if ('method' in message && message.method === 'initialize') this.#initialiseSent = clock.elapsed();
      return send(message);
    };
    const agree = transport.setProtocolVersion.bind(transport);
    transport.setProtocolVersion = (version) => {
      this.#latencyMs = clock.elapsed() - this.#initialiseSent;
      this.#protocol = version;
      agree(version);
    };
  }
}
