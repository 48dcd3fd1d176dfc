import type { SourceEvent } from '../../contract/source.ts';
import { listed, shown } from '../../core/words.ts';
import type { LabResourceOf } from '../../kinds/index.ts';
import type { Alias } from '../../model/resource.ts';
import { addressesOf } from '../../net/addresses.ts';
import { namesOf, type ToolChange, type Tools } from './inventory.ts';
import type { Greeting, Way } from './link.ts';

export type Server = LabResourceOf<'mcpserver'>;

/** Of the names in an event, each list. */
const NAMES_TOLD = 20;
const NAMES_SHOWN = 50;

/** What was found at the last look. Of what it offers: undefined where it offers none, null where it does not say. */
export interface Seen {
  readonly greeting: Greeting;
  readonly way: Way;
  readonly tools: Tools | null | undefined;
  readonly resources: number | null | undefined;
  readonly templates: number | null | undefined;
  readonly prompts: number | null | undefined;
}

/** Where the server hangs, and what it is called here. */
export interface Place {
  readonly owner: string;
  readonly title: string;
  readonly url: URL;
  /** As a person stated it. */
  readonly container: string | undefined;
  readonly knownBy: readonly Alias[];
}

export function serverOf(seen: Seen, { owner, title: own, url, container, knownBy }: Place): Server {
  const { greeting, way, tools, resources, templates, prompts } = seen;
  const { name, title, version, protocol, latencyMs, website } = greeting;
  return {
    ...{ id: `${owner}/mcpserver/self`, kind: 'mcpserver', name: own, available: true },
    ...(container === undefined ? { parentKnownBy: knownBy } : { parent: container }),
    readings: {
      ...{ latency: Math.round(latencyMs), protocol: shown(protocol), way },
      ...{ server: shown(name), version: shown(version) },
      ...(tools !== undefined && { tools: tools?.size ?? null }),
      ...(resources !== undefined && { resources }),
      ...(templates !== undefined && { templates }),
      ...(prompts !== undefined && { prompts }),
    },
    facts: {
      ...{ model: shown(title ?? name), version: shown(version), address: url.href },
      ...(website !== undefined && /^https:\/\/[^\s]{1,200}$/.test(website) && { url: website }),
      ...(tools && tools.size > 0 && { tools: namesOf(tools, NAMES_SHOWN) }),
    },
  };
}

/** How a container that publishes this port is known: by each address of its host. */
export async function endpointsOf({ hostname, port, protocol }: URL): Promise<readonly Alias[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const names = new Set([host, ...(await addressesOf(host))]);
  return [...names].map((name): Alias => `endpoint:${name.toLowerCase()}:${number}`);
}

/** @param tools how many there are now */
export function eventOf({ added, removed, changed }: ToolChange, tools: number): SourceEvent {
  const told = (names: readonly string[]): string | null => listed(names, NAMES_TOLD) ?? null;
  return {
    ...{ event_type: 'tools_changed', tools },
    ...{ added: told(added), removed: told(removed), changed: told(changed) },
  };
}
