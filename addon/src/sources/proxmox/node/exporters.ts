import type { SourceContext } from '../../../contract/source.ts';
import { LabError } from '../../../core/errors.ts';
import { HttpClient } from '../../../net/http-client.ts';

const DEADLINE_MS = 10_000;

/** The exporters that users run on their nodes: they tell what Proxmox VE does not. */
export class Exporters {
  readonly #clients = new Map<string, { readonly http: HttpClient; readonly path: string }>();

  /** @param given `<node>=<address>` each */
  constructor(
    given: readonly string[],
    { owner, clock, meter }: Pick<SourceContext, 'owner' | 'clock' | 'meter'>,
  ) {
    for (const each of given) {
      const at = each.indexOf('=');
      const url = new URL(each.slice(at + 1));
      const http = new HttpClient({ url: url.origin, name: owner, trust: {}, clock, meter });
      const path = `${url.pathname === '/' ? '/metrics' : url.pathname}${url.search}`;
      this.#clients.set(each.slice(0, at), { http, path });
    }
  }

  /** What the exporter of a node answers; undefined: it has none. @throws LabError */
  async read(node: string, signal: AbortSignal): Promise<string | undefined> {
    const client = this.#clients.get(node);
    if (client === undefined) return undefined;
    const { http, path } = client;
    const { status, body } = await http.read({ path, signal, deadlineMs: DEADLINE_MS });
    if (status === 200) return body;
    throw new LabError('source_failed', `the exporter of ${node} at ${http.url}${path} answered ${status}`, {
      hint: 'check the address in the option node_exporter',
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(({ http }) => http.close()));
  }
}
