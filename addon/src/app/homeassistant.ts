import { readFile } from 'node:fs/promises';
import type { Options } from '../config/options.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Secrets } from '../core/secrets.ts';
import type { HomeAssistant, OwnVoice } from '../homeassistant/index.ts';

const SUPERVISOR = 'ws://supervisor/core/websocket';

/** How to reach Home Assistant's WebSocket API. */
export interface HomeAssistantAddress {
  readonly url: string;
  /** @throws LabError `options_invalid` when there is none */
  token(): Promise<string>;
}

/** Where the options say, else through the Supervisor; undefined: neither is there. */
export function homeAssistantAddress(
  { url, token_file: file }: NonNullable<Options['homeassistant']>,
  { supervisorToken }: Pick<Settings, 'supervisorToken'>,
): HomeAssistantAddress | undefined {
  if (url !== undefined && file !== undefined) {
    const base = url.replace(/^http/, 'ws').replace(/\/+$/, '');
    return { url: `${base}/api/websocket`, token: () => readToken(file) };
  }
  return supervisorToken === undefined
    ? undefined
    : { url: SUPERVISOR, token: () => Promise.resolve(supervisorToken) };
}

/** The way to Home Assistant, its code loaded only where there is one. */
export async function homeAssistantOf(
  address: HomeAssistantAddress | undefined,
  parts: {
    readonly clock: Clock;
    readonly log: Log;
    readonly secrets: Secrets;
    /** Labkeeper's own, the one that speaks where none is asked for first. */
    readonly voices?: () => readonly OwnVoice[];
  },
): Promise<HomeAssistant | undefined> {
  if (address === undefined) return undefined;
  const { clock, log, secrets, voices } = parts;
  const { homeAssistant } = await import('../homeassistant/index.ts');
  const token = async (): Promise<string> => {
    const text = await address.token();
    secrets.add(text);
    return text;
  };
  return homeAssistant({ url: address.url, token, clock, random: Math.random, log }, voices);
}

async function readToken(file: string): Promise<string> {
  const path = 'homeassistant.token_file';
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new LabError('options_invalid', `${path}: cannot read ${file}: ${(cause as Error).message}`, {
      path,
      cause,
    });
  }
  if (text !== '') return text;
  throw new LabError('options_invalid', `${path}: ${file} is empty`, { path });
}
