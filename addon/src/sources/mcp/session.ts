import type { Session, SourceContext, Watch } from '../../contract/source.ts';
import { pause } from '../../core/clock.ts';
import { asLabError } from '../../core/errors.ts';
import type { Alias } from '../../model/resource.ts';
import { WebFetch } from '../../net/web-fetch.ts';
import type { McpOptions } from './config.ts';
import { changeOf, readBack, type Tools, toolsOf, written } from './inventory.ts';
import { type Greeting, type ListMethod, McpLink, type Way } from './link.ts';
import { endpointsOf, eventOf, type Seen, type Server, serverOf } from './map.ts';

/** Between two looks at tools that a server says have changed: some say so for each of many. */
const CALM_MS = 2_000;
/** A stream that is cut before that is none that tells anything. */
const STABLE_MS = 30_000;
const MEMORY = 'tools';

/** A session that is kept, since the server tells by it when its tools change. */
interface Held {
  readonly link: McpLink;
  readonly since: number;
}

/** One server. Each look begins a session of its own, so that its whole way is tried. */
export class McpSession implements Session {
  readonly tasks = [];
  readonly watches: readonly Watch[];
  readonly capabilities = {};

  readonly #options: McpOptions;
  readonly #context: SourceContext;
  readonly #url: URL;
  readonly #web: WebFetch;
  #owner: string;
  #way: Way | undefined;
  #held: Held | undefined;
  #seen: Seen | undefined;
  #tools: Tools | undefined;
  #knownBy: readonly Alias[] = [];
  /** Its streams do not last: it is only looked at. */
  #isShort = false;
  #look = (): void => {};

  constructor(options: McpOptions, context: SourceContext) {
    const { owner: name, clock, meter, memory, log } = context;
    const { url, fingerprint, ca, verify_tls: verify = true } = options;
    this.#options = options;
    this.#context = context;
    this.#owner = name;
    this.#url = new URL(url);
    const trust = {
      verify,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(ca !== undefined && { ca }),
    };
    if (!verify)
      log.warn(
        'the certificate is not verified: anyone on the way can read the token. Set fingerprint or ca',
      );
    this.#web = new WebFetch({ name, trust, clock, meter });
    this.#tools = readBack(memory.get(MEMORY));
    this.watches = [{ name: 'the server', run: (signal, ready) => this.#watch(signal, ready) }];
  }

  refresh(): void {
    this.#look();
  }

  async close(): Promise<void> {
    await this.#letGo();
    await this.#web.close();
  }

  async #watch(signal: AbortSignal, ready: (resources: readonly Server[]) => void): Promise<void> {
    let publish = ready;
    this.#isShort = false;
    try {
      for (;;) {
        await this.#inspect(signal);
        this.#tell(publish);
        publish = this.#context.publish;
        await this.#listen(signal);
      }
    } finally {
      await this.#letGo();
    }
  }

  /** Begins a session and reads everything; keeps it if it has something to tell later. */
  async #inspect(signal: AbortSignal): Promise<void> {
    const { link, greeting } = await this.#open(signal);
    try {
      const { offers } = greeting;
      const tools = await this.#listed(link, offers.tools, 'tools/list', signal);
      const resources = await this.#listed(link, offers.resources, 'resources/list', signal);
      const templates = await this.#listed(link, offers.resources, 'resources/templates/list', signal);
      const prompts = await this.#listed(link, offers.prompts, 'prompts/list', signal);
      this.#seen = {
        ...{ greeting, way: link.way, tools: tools && toolsOf(tools) },
        resources: countOf(resources),
        // Many that have resources know nothing of templates.
        templates: templates?.length,
        prompts: countOf(prompts),
      };
      this.#owner = this.#context.identities.bind(this.#url.href);
      this.#knownBy = await endpointsOf(this.#url);
    } catch (thrown) {
      await link.cut();
      throw thrown;
    }
    await this.#letGo();
    if (greeting.offers.news && !this.#isShort) {
      this.#held = { link, since: this.#context.clock.elapsed() };
    } else {
      await link.close();
    }
  }

  /** @returns undefined where it offers none, null where it offers some and refuses to list them */
  async #listed(link: McpLink, isOffered: boolean, method: ListMethod, signal: AbortSignal) {
    if (!isOffered) return undefined;
    try {
      return await link.list(method, signal);
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      if (signal.aborted || code !== 'source_refused') throw thrown;
      this.#context.log.debug(message);
      return null;
    }
  }

  /** By the way that worked last, else by the new one and then the old one, as the specification has it. */
  async #open(signal: AbortSignal): Promise<{ readonly link: McpLink; readonly greeting: Greeting }> {
    const { transport = 'auto' } = this.#options;
    const known = transport === 'auto' ? this.#way : transport;
    if (known !== undefined) {
      try {
        return await this.#openBy(known, signal);
      } catch (thrown) {
        // What it spoke yesterday it need not speak after an update.
        if (transport !== 'auto' || asLabError(thrown).code !== 'path_wrong') throw thrown;
        this.#way = undefined;
      }
    }
    if (known !== undefined && transport !== 'auto') return this.#openBy(known, signal);
    try {
      return await this.#openBy('http', signal);
    } catch (thrown) {
      if (asLabError(thrown).code !== 'path_wrong') throw thrown;
      try {
        return await this.#openBy('sse', signal);
      } catch (older) {
        // Of two ways that both lead nowhere, the newer one says more; but what the older one finds wrong counts.
        throw ['path_wrong', 'protocol_wrong'].includes(asLabError(older).code) ? thrown : older;
      }
    }
  }

  async #openBy(way: Way, signal: AbortSignal): Promise<{ link: McpLink; greeting: Greeting }> {
    const { token, token_header: header, timeout = 15 } = this.#options;
    const { owner: name, clock } = this.#context;
    const link = new McpLink(way, {
      ...{ url: this.#url, name, web: this.#web, clock, timeoutMs: timeout * 1_000 },
      headers:
        token === undefined
          ? {}
          : header === undefined
            ? { Authorization: `Bearer ${token}` }
            : { [header]: token },
    });
    try {
      const greeting = await link.open(signal);
      this.#way = way;
      return { link, greeting };
    } catch (thrown) {
      await link.cut();
      throw thrown;
    }
  }

  /** Until it is time for another look, or the server gives reason for one. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const { interval = 120 } = this.#options;
    let isDue = false;
    let wake = Promise.withResolvers<void>();
    const cancel = clock.after(interval * 1_000, () => {
      isDue = true;
      wake.resolve();
    });
    this.#look = () => {
      isDue = true;
      wake.resolve();
    };
    let isNews = false;
    const held = this.#held;
    if (held !== undefined) {
      held.link.onToolsChanged = () => {
        isNews = true;
        wake.resolve();
      };
      void held.link.ended.then((hadStream) => {
        if (this.#held !== held) return;
        this.#isShort = !hadStream || clock.elapsed() - held.since < STABLE_MS;
        isDue = isDue || hadStream;
        wake.resolve();
      });
    }
    const stop = (): void => wake.resolve();
    signal.addEventListener('abort', stop);
    try {
      for (;;) {
        await wake.promise;
        signal.throwIfAborted();
        if (isDue) return;
        wake = Promise.withResolvers();
        if (!isNews || held === undefined) continue;
        await pause(clock, CALM_MS, signal);
        isNews = false;
        // A session that the server has forgotten is found out here, and a new one begun.
        if (!(await this.#readTools(held.link, signal))) return;
      }
    } finally {
      cancel();
      signal.removeEventListener('abort', stop);
      this.#look = () => {};
    }
  }

  async #readTools(link: McpLink, signal: AbortSignal): Promise<boolean> {
    if (this.#seen === undefined) return false;
    try {
      this.#seen = { ...this.#seen, tools: toolsOf(await link.list('tools/list', signal)) };
    } catch {
      signal.throwIfAborted();
      return false;
    }
    this.#tell(this.#context.publish);
    return true;
  }

  #tell(publish: (resources: readonly Server[]) => void): void {
    const { emit, memory } = this.#context;
    const server = this.#server();
    publish(server === undefined ? [] : [server]);
    const tools = this.#seen?.tools;
    if (server === undefined || !tools) return;
    const before = this.#tools;
    const change = before && changeOf(before, tools);
    if (change !== undefined) emit(server.id, 'tools_changed', eventOf(change, tools.size));
    if (before === undefined || change !== undefined) memory.put(MEMORY, written(tools), true);
    this.#tools = tools;
  }

  #server(): Server | undefined {
    if (this.#seen === undefined) return undefined;
    const place = { owner: this.#owner, title: this.#context.title, url: this.#url, knownBy: this.#knownBy };
    return serverOf(this.#seen, { ...place, container: this.#options.container });
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.link.close();
  }
}

const countOf = (list: readonly unknown[] | null | undefined): number | null | undefined =>
  list === null ? null : list?.length;
