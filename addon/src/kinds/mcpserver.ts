import Type from 'typebox';
import { connection, shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { integer, number, oneOf, text } from './schema.ts';

/** By what way a server is spoken to: Streamable HTTP, or HTTP with server-sent events as before 2025. */
export const MCP_WAYS = ['http', 'sse'] as const;

const counted = (what: string) =>
  Type.Optional(integer(`${what} that it offers; left out where it offers none of the kind`));

/** A server of the Model Context Protocol: gives tools, resources and prompts to AI clients. */
export const mcpserver = defineKind({
  kind: 'mcpserver',
  title: { en: 'MCP server', de: 'MCP-Server' },
  readings: Type.Object({
    latency: number('from the request to initialise to its answer', 'ms'),
    protocol: text('version of the protocol that it agreed to'),
    server: text('what it calls itself'),
    version: text('its own version, as it says'),
    way: oneOf(MCP_WAYS, 'transport that it speaks'),
    tools: counted('tools'),
    resources: counted('resources'),
    templates: counted('templates of resources'),
    prompts: counted('prompts'),
  }),
  rows: [
    connection,
    {
      key: 'tools',
      ...shownAs.count,
      reading: 'tools',
      name: { en: 'Tools', de: 'Werkzeuge' },
      level: 'essential',
      icon: 'mdi:tools',
    },
    {
      key: 'resources',
      ...shownAs.count,
      reading: 'resources',
      name: { en: 'Resources', de: 'Ressourcen' },
      level: 'standard',
      icon: 'mdi:file-document-multiple-outline',
    },
    {
      key: 'templates',
      ...shownAs.count,
      reading: 'templates',
      name: { en: 'Resource templates', de: 'Ressourcenvorlagen' },
      level: 'all',
      icon: 'mdi:file-cog-outline',
    },
    {
      key: 'prompts',
      ...shownAs.count,
      reading: 'prompts',
      name: { en: 'Prompts', de: 'Prompts' },
      level: 'standard',
      icon: 'mdi:message-text-outline',
    },
    {
      key: 'tools_changed',
      platform: 'event',
      types: ['tools_changed'],
      needs: 'tools',
      name: { en: 'Tools changed', de: 'Werkzeuge geändert' },
      level: 'essential',
      icon: 'mdi:wrench-clock-outline',
    },
    {
      key: 'latency',
      ...shownAs.milliseconds({ least: 5, share: 0.25 }),
      reading: 'latency',
      name: { en: 'Initialise latency', de: 'Antwortzeit' },
      level: 'standard',
      category: 'diagnostic',
    },
    {
      key: 'protocol',
      ...shownAs.fact,
      reading: 'protocol',
      name: { en: 'Protocol version', de: 'Protokollversion' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:handshake-outline',
    },
    {
      key: 'server',
      ...shownAs.fact,
      reading: 'server',
      name: { en: 'Server name', de: 'Servername' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:card-account-details-outline',
    },
    {
      key: 'version',
      ...shownAs.fact,
      reading: 'version',
      name: { en: 'Version', de: 'Version' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:tag-outline',
    },
    {
      key: 'way',
      ...shownAs.oneOf(MCP_WAYS),
      reading: 'way',
      name: { en: 'Transport', de: 'Transport' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:transit-connection-variant',
    },
  ],
});
