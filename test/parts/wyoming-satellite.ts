import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { encode, WyomingDecoder, type WyomingEvent } from '../../addon/src/voice/wyoming/codec.ts';

export interface WyomingSatellite {
  readonly port: number;
  /** Sound that it was given to play, one for each announcement; 16 bits. */
  readonly played: Buffer[];
  /** Samples a second of that. */
  readonly rate: () => number;
  /** Home Assistant is there, and has it run. */
  readonly isRunning: () => boolean;
  close(): Promise<void>;
}

/** Speaks as much of the Wyoming protocol as a satellite without a microphone that stands somewhere in a room. */
export async function startWyomingSatellite(name: string): Promise<WyomingSatellite> {
  const played: Buffer[] = [];
  const sockets = new Set<Socket>();
  let rate = 0;
  let runs = 0;
  const attribution = { name: 'Labkeeper', url: '' };
  const none: readonly unknown[] = [];
  const info: WyomingEvent = {
    type: 'info',
    data: {
      ...{ asr: none, tts: none, handle: none, intent: none, wake: none, mic: none, snd: none },
      satellite: { name, attribution, installed: true, description: name, version: '1' },
    },
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const decoder = new WyomingDecoder({ header: 65_536, data: 1_048_576, payload: 1_048_576 });
    let sound: Buffer[] = [];
    const say = (type: string, data = {}): void => void socket.write(encode({ type, data }));
    socket.on('data', (bytes) => {
      for (const { type, data, payload } of decoder.push(bytes)) {
        if (type === 'describe') socket.write(encode(info));
        if (type === 'run-satellite') runs += 1;
        if (type === 'ping') say('pong', { text: data.text ?? null });
        if (type === 'audio-start') {
          sound = [];
          rate = Number(data.rate);
        }
        if (type === 'audio-chunk' && payload !== undefined) sound.push(Buffer.from(payload));
        if (type === 'audio-stop') {
          played.push(Buffer.concat(sound));
          say('played');
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    ...{ port: typeof address === 'object' && address !== null ? address.port : 0, played },
    rate: () => rate,
    isRunning: () => runs > 0,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
