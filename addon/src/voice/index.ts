import path from 'node:path';
import { SoundCache } from './cache.ts';
import { LabVoice, type VoiceParts } from './voice.ts';
import { startWyomingServer, type WyomingServer } from './wyoming/server.ts';

export type { Speaker, Style } from './speaker.ts';

export interface StartVoiceParts extends Omit<VoiceParts, 'cache'> {
  readonly host: string;
  readonly port: number;
  /** Folder for what outlives a run. */
  readonly dataFolder: string;
  /** Bytes of finished sound that are kept. */
  readonly cacheBytes: number;
}

export interface RunningVoice {
  readonly server: WyomingServer;
  readonly voice: LabVoice;
  close(): Promise<void>;
}

/** Speaks for whoever asks over the Wyoming protocol. @throws LabError `port_taken` */
export async function startVoice(parts: StartVoiceParts): Promise<RunningVoice> {
  const { host, port, clock, log, dataFolder, cacheBytes } = parts;
  const cache = await SoundCache.open(path.join(dataFolder, 'voice'), cacheBytes, log);
  const voice = new LabVoice({ ...parts, cache });
  const server = await startWyomingServer({
    ...{ host, port, clock, log, info: () => voice.info(), speak: (...asked) => voice.speak(...asked) },
  });
  return { server, voice, close: () => server.close() };
}
