import { defineSource } from '../../contract/source.ts';
import { checkToken, mcpOptions } from './config.ts';
import { McpSession } from './session.ts';

/** Servers of the Model Context Protocol, by Streamable HTTP or the older HTTP with server-sent events. */
export const mcp = defineSource({
  id: 'mcp',
  title: 'MCP',
  options: mcpOptions,
  kinds: ['mcpserver'],
  check: checkToken,
  // A look is about eight calls, most of them lists.
  budget: 60,
  open: (options, context) => new McpSession(options, context),
});
