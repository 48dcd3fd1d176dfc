import { Administrators } from './administrators.ts';
import { Announcer } from './announce/announcer.ts';
import type { OwnVoice } from './announce/narrator.ts';
import { type ClientParts, HomeAssistantClient } from './client.ts';

export type { Announcer } from './announce/announcer.ts';
export type { OwnVoice } from './announce/narrator.ts';

/** What Labkeeper asks Home Assistant itself. */
export interface HomeAssistant {
  /** @returns undefined: Home Assistant cannot be asked at present */
  isAdministrator(userId: string): Promise<boolean | undefined>;
  readonly announcer: Announcer;
  close(): void;
}

/**
 * Connects when it is asked something for the first time.
 *
 * @param voices Labkeeper's own, the one that speaks where none is asked for first
 */
export function homeAssistant(
  parts: ClientParts,
  voices: () => readonly OwnVoice[] = () => [],
): HomeAssistant {
  const client = new HomeAssistantClient(parts);
  const administrators = new Administrators(client, parts.clock);
  return {
    isAdministrator: (userId) => administrators.isAdministrator(userId),
    announcer: new Announcer(client, parts.clock, voices),
    close: () => client.close(),
  };
}
