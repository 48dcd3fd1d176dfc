import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  InitializeRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  SetLevelRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

export interface McpTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: object;
}

/** What a server has to offer; may be changed while it runs. */
export interface McpOffer {
  name: string;
  version: string;
  /** undefined: it has no tools at all, not even none. */
  tools: readonly McpTool[] | undefined;
  resources: readonly string[] | undefined;
  prompts: readonly string[] | undefined;
  /** Whether it tells when its tools change. */
  news: boolean;
  pageSize: number;
  /** The version that it speaks, whatever is asked for; undefined: the newest that both know. */
  protocol: string | undefined;
}

/** The SDK's own server, as one client sees it. */
export function serverOf(offer: McpOffer): Server {
  const { tools, resources, prompts, news } = offer;
  const capabilities = {
    logging: {},
    ...(tools && { tools: { listChanged: news } }),
    ...(resources && { resources: {} }),
    ...(prompts && { prompts: {} }),
  };
  const serverInfo = { name: offer.name, version: offer.version };
  const server = new Server(serverInfo, { capabilities });
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  const page = <T>(all: readonly T[], params: { cursor?: string | undefined } | undefined) => {
    const from = Number(params?.cursor ?? 0);
    const to = from + offer.pageSize;
    return { items: all.slice(from, to), ...(to < all.length && { nextCursor: String(to) }) };
  };
  if (tools)
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const { items, ...next } = page(offer.tools ?? [], params);
      return { tools: items.map((tool) => ({ inputSchema: { type: 'object' as const }, ...tool })), ...next };
    });
  if (resources) {
    server.setRequestHandler(ListResourcesRequestSchema, ({ params }) => {
      const { items, ...next } = page(offer.resources ?? [], params);
      return { resources: items.map((name) => ({ name, uri: `lab://${name}` })), ...next };
    });
    server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
      resourceTemplates: [{ name: 'device', uriTemplate: 'lab://device/{mac}' }],
    }));
  }
  if (prompts)
    server.setRequestHandler(ListPromptsRequestSchema, ({ params }) => {
      const { items, ...next } = page(offer.prompts ?? [], params);
      return { prompts: items.map((name) => ({ name })), ...next };
    });
  const { protocol } = offer;
  if (protocol !== undefined)
    server.setRequestHandler(InitializeRequestSchema, () => ({
      ...{ protocolVersion: protocol, capabilities, serverInfo },
    }));
  return server;
}
