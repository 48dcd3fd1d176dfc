import { Administrators } from './administrators.ts';
import { type ClientParts, HomeAssistantClient } from './client.ts';

/** What Labkeeper asks Home Assistant itself. */
export interface HomeAssistant {
  /** @returns undefined: Home Assistant cannot be asked at present */
  isAdministrator(userId: string): Promise<boolean | undefined>;
  close(): void;
}

/** Connects when it is asked something for the first time. */
export function homeAssistant(parts: ClientParts): HomeAssistant {
  const client = new HomeAssistantClient(parts);
  const administrators = new Administrators(client, parts.clock);
  return {
    isAdministrator: (userId) => administrators.isAdministrator(userId),
    close: () => client.close(),
  };
}
