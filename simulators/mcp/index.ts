export {
  type McpFault,
  type McpOffer,
  type McpSimulator,
  type McpTool,
  startMcpSimulator,
} from './server.ts';
