import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunningVoice, type StartVoiceParts, startVoice } from '../../addon/src/voice/index.ts';
import { type ChatterboxLab, type ChatterboxLabOptions, chatterboxLab } from './chatterbox-lab.ts';
import { WyomingClient } from './wyoming-client.ts';

export interface VoiceLabOptions extends ChatterboxLabOptions {
  readonly voice?: Partial<StartVoiceParts>;
  /** Left out: one of its own, which goes with it. */
  readonly folder?: string;
}

/** The voice before a Chatterbox on the wire, with clients of its own. */
export async function voiceLab({ voice: parts = {}, folder: given, ...options }: VoiceLabOptions = {}) {
  const chatterbox: ChatterboxLab = await chatterboxLab(options);
  await chatterbox.known();
  const folder = given ?? (await mkdtemp(path.join(tmpdir(), 'labkeeper-voice-')));
  const running: RunningVoice = await startVoice({
    ...{ host: '127.0.0.1', port: 0, clock: chatterbox.clock, log: chatterbox.log, version: '1.2.3' },
    ...{ styles: [], fallback: undefined, dataFolder: folder, cacheBytes: 4 * 1_024 ** 2 },
    speakers: [{ ...chatterbox.speech(), id: 'lab' }],
    ...parts,
  });
  const clients: WyomingClient[] = [];
  const client = async (): Promise<WyomingClient> => {
    const made = await WyomingClient.connect(running.server.port);
    clients.push(made);
    return made;
  };
  return {
    ...{ ...chatterbox, chatterbox, running, folder, client },
    /** Has a text spoken as Home Assistant does that does not stream. */
    ask: async (text: string, voice?: object): Promise<WyomingClient> => {
      const asking = await client();
      asking.say('synthesize', { text, ...(voice && { voice }) });
      return asking;
    },
    close: async () => {
      for (const made of clients) made.hangUp();
      await running.close();
      await chatterbox.close();
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

export type VoiceLab = Awaited<ReturnType<typeof voiceLab>>;
