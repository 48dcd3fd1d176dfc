import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../addon/src/core/clock.ts';
import { startWyomingServer } from '../addon/src/voice/wyoming/server.ts';
import { ChatterboxMachine, soundOf } from '../simulators/chatterbox/index.ts';
import { recordingLog } from './helpers/samples.ts';
import { type VoiceLab, type VoiceLabOptions, voiceLab } from './helpers/voice-lab.ts';
import { eventually, freePort } from './parts/process.ts';

const TWO = 'The first sentence is this one. And the second one is that.';
const SECOND = 48_000;

describe('the voice', () => {
  let lab: VoiceLab;
  const after: (() => unknown)[] = [];
  afterEach(async () => {
    await lab?.close();
    for (const end of after.splice(0)) await end();
  });

  async function open(given: VoiceLabOptions = {}): Promise<VoiceLab> {
    lab = await voiceLab(given);
    return lab;
  }
  const machineWith = (change: Partial<ChatterboxMachine>): ChatterboxMachine =>
    Object.assign(new ChatterboxMachine(), change);
  const lengthOf = async (text: string): Promise<number> =>
    (await soundOf({ text, voice: 'Emily.wav', language: 'en', speed: 1 }, 'tone')).length;

  /** Another Wyoming server, as Piper: says everything as half a second of sound at another rate. */
  async function piper(): Promise<{ readonly port: number; readonly texts: string[] }> {
    const texts: string[] = [];
    const server = await startWyomingServer({
      ...{ host: '127.0.0.1', port: 0, clock: systemClock, log: recordingLog() },
      info: () => Buffer.alloc(0),
      speak: async function* (parts) {
        for await (const text of parts) texts.push(text);
        yield Buffer.alloc(SECOND / 2, 1);
      },
    });
    after.push(() => server.close());
    return { port: server.port, texts };
  }

  it('speaks a text as one sound, sentence by sentence in its order', async () => {
    await open();
    const asking = await lab.ask(TWO, { name: 'axel' });
    await asking.until('audio-stop');
    assert.deepEqual(asking.types, ['audio-start', 'audio-chunk', 'audio-stop']);
    assert.deepEqual(
      lab.machine.requests.map(({ text, voice }) => `${voice}: ${text}`),
      ['Axel.wav: The first sentence is this one.', 'Axel.wav: And the second one is that.'],
    );
    const seeds = new Set(lab.machine.requests.map(({ body }) => body.seed));
    assert.equal(seeds.size, 1, 'with one seed');
    const wanted =
      (await lengthOf('The first sentence is this one.')) + (await lengthOf('And the second one is that.'));
    assert.equal(asking.sound.length, wanted + 2 * 1_920, 'and nothing is lost');
  });

  it('is heard before the text has come to its end', async () => {
    await open();
    const asking = await lab.client();
    asking.say('synthesize-start', { voice: { name: 'emily' } });
    for (const word of 'This is the first sentence. And '.split(/(?<= )/))
      asking.say('synthesize-chunk', { text: word });
    await asking.until('audio-chunk');
    assert.deepEqual(
      lab.machine.requests.map(({ text }) => text),
      ['This is the first sentence.'],
    );
    asking.say('synthesize-chunk', { text: 'this is the last.' });
    asking.say('synthesize', { text: 'This is the first sentence. And this is the last.' });
    asking.say('synthesize-stop');
    await asking.until('synthesize-stopped');
    assert.deepEqual(
      lab.machine.requests.map(({ text }) => text),
      ['This is the first sentence.', 'And this is the last.'],
    );
  });

  it('has the next sentence made while one is heard, and no more than that', async () => {
    await open();
    const asking = await lab.client();
    asking.socket.pause();
    const long = Array.from(
      { length: 40 },
      (_, at) => `Sentence number ${at} goes on ${'and on '.repeat(30)}.`,
    );
    asking.say('synthesize', { text: long.join(' ') });
    await eventually('some', () => lab.machine.requests.length > 2);
    // Until what is on the way to who does not listen fills all that is in between.
    const made = await eventually('that nothing more is made', async () => {
      const before = lab.machine.requests.length;
      await sleep(500);
      return lab.machine.requests.length === before && before;
    });
    assert.ok(made < 30, `${made} were made`);
    asking.socket.resume();
    await asking.until('audio-stop', 20_000);
    assert.equal(lab.machine.mostAtOnce, 1);
  });

  it('ends what it makes for whoever hangs up', async () => {
    await open({ machine: machineWith({ factor: 1 }) });
    const asking = await lab.ask(TWO);
    await eventually('the request', () => lab.machine.requests.length === 1);
    asking.socket.end();
    await eventually('its end', () => lab.machine.requests[0]?.outcome === 'hung up');
    await eventually('an empty queue', () => lab.at()?.readings.queue === 0);
    assert.equal(lab.machine.requests.length, 1);
  });

  it('speaks for twenty at the same time, each with their own text', async () => {
    await open();
    const texts = Array.from({ length: 20 }, (_, at) => `Hello number ${at}. ${'And so on. '.repeat(at)}`);
    const asked = await Promise.all(texts.map((text) => lab.ask(text)));
    await Promise.all(asked.map((asking) => asking.until('audio-stop', 30_000)));
    assert.equal(lab.machine.mostAtOnce, 1);
    for (const [at, asking] of asked.entries())
      assert.ok(asking.sound.length >= (asked[at - 1]?.sound.length ?? 0), `number ${at}`);
  });

  it('says a repeated text at once, from the disk, even while Chatterbox is off', async () => {
    await open();
    const first = await lab.ask(TWO);
    await first.until('audio-stop');
    await lab.simulator.stop();
    const again = await lab.ask(TWO);
    await again.until('audio-stop');
    assert.deepEqual(again.sound, first.sound);
    assert.equal(lab.machine.requests.length, 2);
    const other = await lab.ask(TWO, { name: 'axel' });
    assert.match(String((await other.until('error')).data.text), /cannot reach/, 'but not in another voice');
  });

  it('keeps only so much sound, the last used of it, and what is whole', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-cache-'));
    after.push(() => rmSync(folder, { recursive: true, force: true }));
    await open({ folder, voice: { cacheBytes: 400_000 } });
    const say = async (text: string): Promise<void> => {
      const asking = await lab.ask(text);
      await asking.until('audio-stop');
      // It is written behind the last sound.
      await sleep(30);
    };
    const texts = [
      'The first text of them all.',
      'The second text of them all.',
      'The third text of all of them.',
    ];
    for (const text of texts) await say(text);
    const kept = (): string[] => readdirSync(path.join(folder, 'voice'));
    await say(texts[0] as string);
    for (let at = 0; at < 3; at += 1) await say(`And some more that is new to it, number ${at}.`);
    const bytes = kept().reduce(
      (sum, name) => sum + readFileSync(path.join(folder, 'voice', name)).length,
      0,
    );
    assert.ok(bytes <= 400_000, `${bytes} bytes`);
    // What somebody cut off is made anew.
    for (const name of kept()) writeFileSync(path.join(folder, 'voice', name), Buffer.alloc(7));
    const before = lab.machine.requests.length;
    await say('And some more that is new to it, number 2.');
    assert.equal(lab.machine.requests.length, before + 1);
  });

  it('offers every voice in every style that it has, and says it in that', async () => {
    const styles = [
      { id: 'calm', title: 'Calm', exaggeration: 0.3, speed: 0.9 },
      { id: 'wild', title: 'Wild', exaggeration: 1.8, voices: ['axel'] },
    ];
    await open({ voice: { styles } });
    assert.deepEqual(
      lab.running.voice.voices.map(({ name, description }) => `${name} (${description})`),
      [
        'emily (Emily)',
        'emily-calm (Emily, Calm)',
        'axel (Axel)',
        'axel-calm (Axel, Calm)',
        'axel-wild (Axel, Wild)',
      ],
    );
    const asking = await lab.ask('Hello there, my friend.', { name: 'axel-wild' });
    await asking.until('audio-stop');
    assert.equal(lab.machine.requests[0]?.body.exaggeration, 1.8);
  });

  it('refuses a voice that is not there, and names those that are', async () => {
    await open();
    const asking = await lab.ask('Hello.', { name: 'emma' });
    const { data } = await asking.until('error');
    assert.equal(data.code, 'target_unknown');
    assert.match(String(data.text), /there is no voice “emma”: there are emily, axel/);
    await asking.closed();
    assert.deepEqual(lab.machine.requests, []);
  });

  it('speaks in the voice that is chosen, where none is asked for, or in one of the language', async () => {
    await open({ machine: machineWith({ model: 'multilingual' }), options: { languages: ['de', 'en'] } });
    lab.speech().choose('axel-en');
    for (const voice of [undefined, { language: 'de-DE' }]) {
      const asking = await lab.ask('Hello there, my friend.', voice);
      await asking.until('audio-stop');
    }
    assert.deepEqual(
      lab.machine.requests.map(({ voice, language }) => `${voice} ${language}`),
      ['Axel.wav en', 'Emily.wav de'],
    );
  });

  it('tells of a voice as soon as there is one, and goes on telling while Chatterbox is off', async () => {
    await open();
    lab.machine.voices = [...lab.machine.voices, { id: 'Ida.wav', title: 'Ida', isCloned: true }];
    await lab.until('the new voice', () => lab.at()?.readings.voices === 3);
    await lab.simulator.stop();
    await lab.chatterbox.gone();
    const asking = await lab.client();
    asking.say('describe');
    const [program] = (await asking.until('info')).data.tts as { voices: { name: string }[] }[];
    assert.deepEqual(
      program?.voices.map(({ name }) => name),
      ['emily', 'axel', 'ida'],
    );
  });

  it('makes a sound where there is nothing to say: to Home Assistant none would be an error', async () => {
    await open();
    const asking = await lab.ask('🎉');
    await asking.until('audio-stop');
    assert.equal(asking.sound.length, SECOND / 10);
  });

  it('tells of an error in the midst of a text, and does not pretend to be done', async () => {
    await open({ machine: machineWith({ factor: 0.3 }) });
    const asking = await lab.ask(TWO);
    await asking.until('audio-chunk');
    await eventually('the second request', () => lab.machine.requests.length === 2);
    await lab.simulator.stop();
    await asking.until('error');
    await asking.closed();
    assert.equal(asking.types.includes('audio-stop'), false);
    await lab.simulator.start();
    lab.machine.factor = 0;
    const again = await lab.ask(TWO);
    await again.until('audio-stop');
  });

  it('has another one speak while Chatterbox cannot, says so, and speaks again itself', async () => {
    const { port, texts } = await piper();
    await open({ voice: { fallback: { host: '127.0.0.1', port, voice: { name: 'alba' } } } });
    lab.machine.loaded = false;
    const asking = await lab.ask(TWO);
    await asking.until('audio-stop');
    assert.deepEqual(texts, ['The first sentence is this one.', 'And the second one is that.']);
    assert.equal(lab.at()?.readings.replaced, true);
    assert.equal(asking.sound.length, SECOND + 2 * 1_920);
    lab.machine.loaded = true;
    const spared = await lab.ask('It is spared for some time.');
    await spared.until('audio-stop');
    assert.equal(texts.length, 3);
    await lab.clock.advance(31_000);
    const itself = await lab.ask('It speaks itself again.');
    await itself.until('audio-stop');
    assert.equal(texts.length, 3);
    assert.equal(lab.at()?.readings.replaced, false);
    const unknown = await lab.ask('Hello.', { name: 'emma' });
    await unknown.until('error');
    assert.equal(texts.length, 3, 'for a voice that is not there nobody else speaks');
  });

  it('says that nobody speaks where the other one is away as well', async () => {
    const port = await freePort();
    await open({ voice: { fallback: { host: '127.0.0.1', port, voice: {} } } });
    await lab.simulator.stop();
    const asking = await lab.ask('Hello there.');
    assert.match(String((await asking.until('error')).data.text), new RegExp(`127.0.0.1:${port}`));
  });
});
