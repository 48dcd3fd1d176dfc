import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../addon/src/core/errors.ts';
import { encode } from '../addon/src/voice/wyoming/codec.ts';
import type { Speak } from '../addon/src/voice/wyoming/conversation.ts';
import { infoOf } from '../addon/src/voice/wyoming/events.ts';
import { startWyomingServer, type WyomingServer } from '../addon/src/voice/wyoming/server.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { recordingLog } from './helpers/samples.ts';
import { WyomingClient } from './helpers/wyoming-client.ts';
import { eventually } from './parts/process.ts';

const VOICES = [{ name: 'emily', description: 'Emily', languages: ['en'] }];

describe('the Wyoming server', () => {
  let server: WyomingServer;
  let clock: FakeClock;
  let log: ReturnType<typeof recordingLog>;
  let asked: { texts: string[]; wish: object; signal: AbortSignal }[] = [];
  /** What is made of each part of a text. */
  let speak: (text: string, signal: AbortSignal) => Promise<Buffer> = async () => Buffer.alloc(0);
  const clients: WyomingClient[] = [];

  const speaking: Speak = async function* (texts, wish, signal) {
    const own = { texts: [] as string[], wish, signal };
    asked.push(own);
    for await (const text of texts) {
      own.texts.push(text);
      yield await speak(text, signal);
    }
  };
  before(async () => {
    clock = new FakeClock();
    log = recordingLog();
    const info = encode(infoOf(VOICES, '1.2.3'));
    server = await startWyomingServer({
      ...{ host: '127.0.0.1', port: 0, clock, log },
      info: () => info,
      speak: speaking,
    });
  });
  beforeEach(() => {
    asked = [];
    log.lines.length = 0;
    speak = async (text) => Buffer.from(text);
    for (const client of clients.splice(0)) client.hangUp();
  });
  after(() => server.close());

  async function client(): Promise<WyomingClient> {
    const made = await WyomingClient.connect(server.port);
    clients.push(made);
    return made;
  }

  it('tells at once what there is', async () => {
    const asking = await client();
    asking.socket.write('{ "type": "describe" }\n');
    const { data } = await asking.until('info');
    assert.deepEqual(Object.keys(data).sort(), ['asr', 'handle', 'intent', 'mic', 'snd', 'tts', 'wake']);
    const [program] = data.tts as { voices: { name: string }[]; supports_synthesize_streaming: boolean }[];
    assert.equal(program?.supports_synthesize_streaming, true);
    assert.deepEqual(
      program?.voices.map(({ name }) => name),
      ['emily'],
    );
  });

  it('offers no program where there is no voice: nobody shall set one up', () => {
    assert.deepEqual(infoOf([], '1').data.tts, []);
  });

  it('speaks a text with one beginning and one end', async () => {
    const asking = await client();
    asking.say('synthesize', { text: 'Grüße', voice: { name: 'emily' } });
    await asking.until('audio-stop');
    assert.deepEqual(asking.types, ['audio-start', 'audio-chunk', 'audio-stop']);
    assert.equal(asking.sound.toString(), 'Grüße');
    const { rate, width, channels } = asking.heard[0]?.data ?? {};
    assert.deepEqual([rate, width, channels], [24_000, 2, 1]);
    assert.deepEqual(asked[0]?.wish, { name: 'emily' });
  });

  it('speaks a text that comes in parts while it comes, and once', async () => {
    const asking = await client();
    asking.say('synthesize-start', {});
    asking.say('synthesize-chunk', { text: 'One. ' });
    await asking.until('audio-chunk');
    asking.say('synthesize-chunk', { text: 'Two.' });
    asking.say('synthesize', { text: 'One. Two.' });
    asking.say('synthesize-stop');
    await asking.until('synthesize-stopped');
    assert.deepEqual(asking.types, ['audio-start', 'audio-chunk', 'audio-stop', 'synthesize-stopped']);
    assert.equal(asking.sound.toString(), 'One. Two.');
    assert.deepEqual(
      asked.map(({ texts }) => texts),
      [['One. ', 'Two.']],
    );
  });

  it('speaks one text after another on one connection', async () => {
    const asking = await client();
    const first = Promise.withResolvers<void>();
    speak = async (text) => {
      if (text === 'one') await first.promise;
      return Buffer.from(text);
    };
    for (const text of ['one', 'two']) asking.say('synthesize', { text });
    asking.say('ping', { text: 'there?' });
    assert.equal((await asking.until('pong')).data.text, 'there?', 'and answers meanwhile');
    first.resolve();
    await eventually('both', () => asking.heard.filter(({ type }) => type === 'audio-stop').length === 2);
    assert.equal(asking.sound.toString(), 'onetwo');
  });

  it('says why a text cannot be spoken, and ends the connection, lest somebody waits', async () => {
    speak = async () => {
      throw new LabError('unreachable', 'Chatterbox is away');
    };
    const asking = await client();
    asking.say('synthesize', { text: 'Hello' });
    assert.deepEqual((await asking.until('error')).data, { text: 'Chatterbox is away', code: 'unreachable' });
    await asking.closed();
    assert.deepEqual(asking.types, ['error']);
  });

  it('ends what is spoken for whoever hangs up', async () => {
    speak = async (_, signal) => {
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return Buffer.alloc(0);
    };
    const asking = await client();
    asking.say('synthesize', { text: 'Hello' });
    await eventually('the request', () => asked.length === 1);
    // As Home Assistant does: it closes its side, and that is all.
    asking.socket.end();
    await eventually('its end', () => asked[0]?.signal.aborted);
    assert.deepEqual(log.lines, [], 'and nobody is told of it');
  });

  it('hangs up on who does not speak it, and nobody else notices', async () => {
    const listening = await client();
    const pace = Promise.withResolvers<void>();
    speak = async (text) => {
      await pace.promise;
      return Buffer.from(text);
    };
    listening.say('synthesize', { text: 'Hello' });
    for (const garbage of [
      'GET / HTTP/1.1\r\n\r\n',
      '\u0000\n',
      '{"type":"synthesize"}\n',
      '{"data_length":-1}\n',
    ]) {
      const other = await client();
      other.socket.write(garbage);
      assert.match(String((await other.until('error')).data.text), /not Wyoming/);
      await other.closed();
    }
    pace.resolve();
    await listening.until('audio-stop');
    assert.equal(listening.sound.toString(), 'Hello');
    assert.equal(
      log.lines.filter((line) => line.startsWith('warn a client of the voice was hung up on')).length,
      1,
      'said once for each address',
    );
  });

  it('hangs up on who begins a text within a text', async () => {
    const asking = await client();
    asking.say('synthesize-start');
    asking.say('synthesize-start');
    await asking.until('error');
    await asking.closed();
  });

  it('ends nothing where there is nothing to end', async () => {
    const asking = await client();
    asking.say('synthesize-stop');
    asking.say('synthesize-chunk', { text: 'Lost.' });
    asking.say('something-new', { text: 1 });
    asking.say('ping');
    await asking.until('pong');
    assert.deepEqual(asked, []);
  });

  it('lets go of who says nothing for two minutes, but not of who waits for sound', async () => {
    const idle = await client();
    const waiting = await client();
    const pace = Promise.withResolvers<void>();
    speak = async (text) => {
      await pace.promise;
      return Buffer.from(text);
    };
    waiting.say('synthesize', { text: 'Hello' });
    await eventually('the request', () => asked.length === 1);
    await clock.advance(119_000);
    idle.say('ping');
    await idle.until('pong');
    await clock.advance(60_000);
    await sleep(5);
    assert.equal(idle.isClosed, false);
    await clock.advance(60_000);
    await idle.closed();
    pace.resolve();
    await waiting.until('audio-stop');
  });

  it('waits for a client that listens slowly, and lets go of one that does not listen', async () => {
    const asking = await client();
    let made = 0;
    speak = async () => {
      made += 1;
      return Buffer.alloc(1_024 ** 2);
    };
    asking.socket.pause();
    asking.say('synthesize-start');
    for (let part = 0; part < 64; part += 1) asking.say('synthesize-chunk', { text: 'x' });
    await eventually('the first sound', () => made > 0);
    await sleep(100);
    const before = made;
    await sleep(100);
    assert.equal(made, before, 'no sound is made that nobody takes');
    assert.ok(made < 40, `${made} MiB were made`);
    await clock.advance(31_000);
    await eventually('its end', () => asked[0]?.signal.aborted);
  });

  it('names the port that is taken, and the setting', async () => {
    const { port } = server;
    await assert.rejects(
      startWyomingServer({
        ...{ host: '127.0.0.1', port, clock, log, info: () => Buffer.alloc(0), speak: speaking },
      }),
      ({ code, message, hint }: LabError) =>
        code === 'port_taken' && message.includes(String(port)) && /LABKEEPER_WYOMING_PORT/.test(hint ?? ''),
    );
  });
});
