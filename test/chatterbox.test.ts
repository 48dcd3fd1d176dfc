import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabError } from '../addon/src/core/errors.ts';
import {
  ChatterboxMachine,
  type ChatterboxVoice,
  RATE,
  soundOf,
  type WavManner,
  wavOf,
} from '../simulators/chatterbox/index.ts';
import { htmlPage } from '../simulators/proxmox/index.ts';
import { type ChatterboxLab, type ChatterboxLabOptions, chatterboxLab } from './helpers/chatterbox-lab.ts';
import { eventually } from './parts/process.ts';

const LIBRARY: readonly ChatterboxVoice[] = [
  { id: 'rose', title: 'rose', isCloned: true, language: 'en' },
  { id: 'karl', title: 'karl', isCloned: true, language: 'de' },
];

describe('a Chatterbox server', () => {
  let lab: ChatterboxLab;
  afterEach(() => lab.close());

  async function open(given: ChatterboxLabOptions = {}): Promise<ChatterboxLab> {
    lab = await chatterboxLab(given);
    await lab.known();
    return lab;
  }
  const machineWith = (change: Partial<ChatterboxMachine>): ChatterboxMachine =>
    Object.assign(new ChatterboxMachine(), change);
  const expected = (text: string, voice = 'Emily.wav', language = 'en') =>
    soundOf({ text, voice, language, speed: 1 }, 'tone');

  it('is found out to be devnen’s, and what it has', async () => {
    await open({ machine: machineWith({ model: 'turbo' }) });
    const { readings, facts } = lab.at() ?? assert.fail();
    assert.equal(facts.model, 'Chatterbox-TTS-Server');
    const { model, loaded, voice, voices, queue, unloadable } = readings;
    assert.deepEqual(
      { model, loaded, voice, voices, queue, unloadable },
      { model: 'turbo', loaded: true, voice: 'emily', voices: 2, queue: 0, unloadable: true },
    );
    assert.deepEqual(lab.names(), ['emily', 'axel']);
  });

  it('is found out to be travisvn’s, whose voices have their own languages', async () => {
    await open({ dialect: 'travisvn', machine: machineWith({ voices: LIBRARY, model: 'multilingual' }) });
    assert.equal(lab.at()?.facts.model, 'chatterbox-tts-api');
    assert.deepEqual(
      lab
        .speech()
        .offer()
        ?.voices.map(({ name, language }) => `${name} ${language}`),
      ['karl de', 'rose en', 'default en'],
    );
    assert.equal(lab.at()?.readings.memory, 3.1);
    assert.deepEqual(await lab.say('Guten Tag.', 'karl'), await expected('Guten Tag.', 'karl', 'de'));
  });

  it('is found out to be another one with the interface of OpenAI, asked with a key', async () => {
    const voices = [{ id: 'nova', title: 'nova' }];
    await open({
      ...{ dialect: 'openai', key: 'sk-1', machine: machineWith({ voices }) },
      options: { key: 'sk-1', voices: ['nova'], languages: ['de'] },
    });
    assert.deepEqual(lab.speech().offer()?.voices, [{ name: 'nova', title: 'nova', language: 'de' }]);
    assert.deepEqual(await lab.say('Hello.', 'nova'), await expected('Hello.', 'nova'));
    assert.equal(lab.machine.requests[0]?.body.model, 'chatterbox');
  });

  for (const [what, fault] of [
    ['a page of a proxy', htmlPage(200, 'OK')],
    ['that there is no such path', { kind: 'answer', status: 404 }],
  ] as const) {
    it(`stays the same server with its voices where ${what} is answered in its place for a while`, async () => {
      await open();
      const names = lab.names();
      const heal = lab.simulator.faults.inject({}, fault);
      await lab.gone();
      assert.deepEqual(lab.names(), names);
      heal();
      await lab.known();
      assert.deepEqual([lab.at()?.facts.model, lab.names()], ['Chatterbox-TTS-Server', names]);
    });
  }

  it('is found out although a proxy answered in its place at the start', async () => {
    await open();
    const heal = lab.simulator.faults.inject({}, htmlPage(200, 'OK'));
    await lab.reopen();
    await lab.until('what could be anybody', () => lab.at()?.facts.model === 'Speech server');
    heal();
    await lab.until('the right one', () => lab.at()?.facts.model === 'Chatterbox-TTS-Server');
  });

  it('is asked for a voice in each language that a multilingual model speaks', async () => {
    await open({ machine: machineWith({ model: 'multilingual' }), options: { languages: ['en', 'de'] } });
    assert.deepEqual(lab.names(), ['emily-de', 'emily-en', 'axel-de', 'axel-en']);
    await lab.say('Guten Tag.', 'axel-de');
    const { body } = lab.machine.requests[0] ?? assert.fail();
    assert.deepEqual([body.language, body.predefined_voice_id], ['de', 'Axel.wav']);
  });

  it('offers cloned voices beside its own, and only those that are wanted', async () => {
    const voices = [
      { id: 'Emily.wav', title: 'Emily' },
      { id: 'Grandma_Ida.mp3', title: 'Grandma_Ida', isCloned: true },
      { id: 'emily.mp3', title: 'emily', isCloned: true },
    ];
    await open({ machine: machineWith({ voices }), options: { voices: ['Emily.wav', 'Grandma_Ida.mp3'] } });
    assert.deepEqual(lab.names(), ['emily', 'grandma_ida']);
    await lab.say('Hello.', 'grandma_ida');
    const { body } = lab.machine.requests[0] ?? assert.fail();
    assert.deepEqual([body.voice_mode, body.reference_audio_filename], ['clone', 'Grandma_Ida.mp3']);
  });

  it('tells two voices apart that are spelled alike', async () => {
    const voices = [
      { id: 'Emily.wav', title: 'Emily' },
      { id: 'emily.mp3', title: 'emily', isCloned: true },
    ];
    await open({ machine: machineWith({ voices }) });
    const [first, second = ''] = lab.names() ?? [];
    assert.equal(first, 'emily');
    assert.match(second, /^emily_[0-9a-f]{6}$/);
    await lab.say('Hello.', second);
    assert.equal(lab.machine.requests[0]?.voice, 'emily.mp3');
  });

  it('says nothing in another voice than the one that was asked for', async () => {
    await open();
    await assert.rejects(lab.say('Hello.', 'emma'), ({ code, message }: LabError) => {
      return code === 'target_unknown' && message.includes('emma');
    });
    assert.deepEqual(lab.machine.requests, []);
  });

  const MANNERS: readonly WavManner[] = ['right', 'unknown', 'zero', 'long', 'short', 'list', 'extensible'];
  for (const manner of [...MANNERS, 'float', 'stereo'] as const) {
    it(`is understood although its WAV is written as “${manner}”`, async () => {
      await open({ machine: machineWith({ manner }), streams: manner !== 'list' });
      const sound = await lab.say('Hello there, how are you?');
      const wanted = await expected('Hello there, how are you?');
      assert.equal(sound.length, wanted.length);
      const furthest = Math.max(
        ...Array.from({ length: wanted.length / 2 }, (_, at) =>
          Math.abs(sound.readInt16LE(at * 2) - wanted.readInt16LE(at * 2)),
        ),
      );
      assert.ok(furthest <= 1, `a sample is off by ${furthest}`);
    });
  }

  it('is told everything that changes the sound, and by that the sound is known again', async () => {
    await open({ options: { exaggeration: 0.7, seed: 7 } });
    const key = (voice: string, manner = {}) => lab.speech().keyOf({ text: 'Hello.', voice, manner });
    const keys = [key('emily'), key('axel'), key('emily', { exaggeration: 1 }), key('emily', { speed: 1.2 })];
    assert.equal(new Set(keys).size, 4);
    assert.equal(key('emily'), keys[0]);
    lab.machine.model = 'turbo';
    await lab.until('the other model', () => lab.at()?.readings.model === 'turbo');
    assert.notEqual(key('emily'), keys[0]);
    await lab.say('Hello.');
    const { exaggeration, seed, split_text } = lab.machine.requests[0]?.body ?? {};
    assert.deepEqual({ exaggeration, seed, split_text }, { exaggeration: 0.7, seed: 7, split_text: false });
  });

  it('makes one sentence after another, in the order in which they were asked for', async () => {
    await open({ machine: machineWith({ factor: 0.02 }) });
    const said: string[] = [];
    const texts = Array.from({ length: 6 }, (_, at) => `Sentence number ${at}.`);
    await Promise.all(texts.map((text) => lab.say(text).then(() => said.push(text))));
    assert.deepEqual(said, texts);
    assert.equal(lab.machine.mostAtOnce, 1);
    assert.equal(lab.at()?.readings.queue, 0);
    assert.equal(lab.at()?.readings.characters, texts.join('').length);
  });

  it('makes several at a time where it is said to be able to', async () => {
    await open({ machine: machineWith({ factor: 2 }), options: { concurrency: 3 } });
    await Promise.all(['One.', 'Two.', 'Three.', 'Four.'].map((text) => lab.say(text)));
    assert.equal(lab.machine.mostAtOnce, 3);
  });

  it('is left alone by who hangs up, whether it speaks already or others wait before', async () => {
    await open({ machine: machineWith({ factor: 0.5 }) });
    const first = new AbortController();
    const second = new AbortController();
    const speaking = lab.say('A sentence that takes some time to be made.', 'emily', first.signal);
    const waiting = lab.say('Another one.', 'emily', second.signal);
    await eventually('the request', () => lab.machine.requests.length === 1);
    second.abort(new Error('not wanted any more'));
    await assert.rejects(waiting, /not wanted any more/);
    first.abort(new Error('hung up'));
    await assert.rejects(speaking, /hung up/);
    await eventually('that it noticed', () => lab.machine.requests[0]?.outcome === 'hung up');
    assert.equal(lab.machine.requests.length, 1, 'what waited was never asked for');
    lab.machine.factor = 0;
    assert.ok((await lab.say('And the next one.')).length > 0, 'and its turn is free again');
  });

  it('is not away while it makes sound and answers nobody meanwhile', async () => {
    await open({ machine: machineWith({ blocks: true, factor: 0.4 }), options: { patience: 600 } });
    const speaking = lab.say('This one takes longer than it is waited for when it is looked at.');
    await eventually('the request', () => lab.machine.requests.length === 1);
    const looks = lab.simulator.heard.length;
    await lab.until('another look', () => lab.simulator.heard.length > looks);
    await lab.clock.advance(12_000);
    assert.ok(lab.machine.requests[0]?.outcome === 'running', 'it still does');
    assert.equal(lab.at()?.available, true);
    assert.equal(lab.at()?.readings.queue, 1);
    assert.ok((await speaking).length > 0);
  });

  it('is away when it does not answer although it has nothing to do', async () => {
    await open();
    lab.simulator.faults.inject({ path: '/api/model-info' }, { kind: 'hang' });
    await lab.gone();
    assert.deepEqual(lab.names(), ['emily', 'axel'], 'and its voices are still known');
  });

  it('is not waited for longer than a person wants to wait', async () => {
    await open({ options: { patience: 5 } });
    lab.simulator.faults.inject({ path: '/tts' }, { kind: 'hang' });
    const speaking = lab.say('Hello.');
    speaking.catch(() => {});
    await eventually('the request', () => lab.simulator.heard.includes('POST /tts'));
    await lab.clock.advance(6_000);
    await assert.rejects(speaking, { code: 'deadline_passed' });
  });

  it('keeps its voices, and the one that was chosen, over a restart of Labkeeper while it is off', async () => {
    await open();
    lab.speech().choose('axel');
    assert.equal(lab.at()?.readings.voice, 'axel');
    await lab.simulator.stop();
    await lab.reopen();
    await sleep(20);
    assert.deepEqual(lab.names(), ['emily', 'axel']);
    assert.equal(lab.speech().offer()?.voice, 'axel');
  });

  it('speaks in the voice of the options until another is chosen, by whichever name', async () => {
    await open({ options: { voice: 'Axel.wav' } });
    assert.equal(lab.speech().offer()?.voice, 'axel');
    assert.throws(() => lab.speech().choose('emma'), { code: 'target_unknown' });
  });

  it('lets go of the card’s memory, and says so instead of speaking, until it is loaded', async () => {
    await open();
    const { signal } = new AbortController();
    await lab.speech().unload(signal);
    assert.equal(lab.at()?.readings.loaded, false);
    await assert.rejects(lab.say('Hello.'), ({ message, hint }: LabError) => {
      return /not currently loaded/.test(message) && /Load model/.test(hint ?? '');
    });
    await lab.speech().load(signal);
    assert.equal(lab.at()?.readings.loaded, true);
    assert.ok((await lab.say('Hello.')).length > 0);
  });

  it('has the voices and the model that it had while it is unloaded, over a restart of Labkeeper too', async () => {
    await open({ machine: machineWith({ model: 'multilingual' }), options: { languages: ['de', 'en'] } });
    const key = () => lab.speech().keyOf({ text: 'Hello.', voice: 'emily-de', manner: {} });
    const before = [lab.names(), lab.at()?.readings.model, key()];
    await lab.speech().unload(new AbortController().signal);
    assert.equal(lab.at()?.readings.loaded, false);
    assert.deepEqual([lab.names(), lab.at()?.readings.model, key()], before);
    await lab.reopen();
    await lab.known();
    assert.deepEqual([lab.names(), lab.at()?.readings.model, key()], before, 'what was said is found again');
    Object.assign(lab.machine, { model: 'turbo', loaded: true });
    await lab.until('the other model', () => lab.at()?.readings.model === 'turbo');
    assert.deepEqual(lab.names(), ['emily', 'axel']);
  });

  it('cannot be unloaded where its server has no way to', async () => {
    await open({ dialect: 'travisvn', machine: machineWith({ voices: LIBRARY }) });
    assert.equal(lab.at()?.readings.unloadable, undefined);
    await assert.rejects(lab.speech().unload(new AbortController().signal), { code: 'target_unsuitable' });
  });

  const sampleOf = async (seconds: number, name = 'Grandma_Ida', language = 'en') => {
    const sound = Buffer.alloc(seconds * 2 * RATE, 7);
    const { head, body } = wavOf(sound, 'right');
    return { name, language, type: 'wav' as const, data: Buffer.concat([head, body]) };
  };
  const { signal: never } = new AbortController();

  it('makes a voice of a sample, which is whole there, and speaks with it at once', async () => {
    await open({ machine: machineWith({ model: 'multilingual' }), options: { languages: ['de', 'en'] } });
    const sample = await sampleOf(12);
    assert.deepEqual(await lab.speech().clone(sample, never), ['grandma_ida-de', 'grandma_ida-en']);
    assert.deepEqual(lab.machine.voices.at(-1)?.sample, sample.data);
    await lab.say('Guten Tag.', 'grandma_ida-de');
    const { body } = lab.machine.requests[0] ?? assert.fail();
    assert.deepEqual([body.voice_mode, body.reference_audio_filename], ['clone', 'Grandma_Ida.wav']);
  });

  it('makes a voice of travisvn’s with its language', async () => {
    await open({ dialect: 'travisvn', machine: machineWith({ voices: LIBRARY, model: 'multilingual' }) });
    assert.deepEqual(await lab.speech().clone(await sampleOf(12, 'Ida', 'de'), never), ['ida']);
    const { sample, ...voice } = lab.machine.voices.at(-1) ?? assert.fail();
    assert.deepEqual(voice, { id: 'Ida', title: 'Ida', isCloned: true, language: 'de' });
    assert.equal(sample?.length, 12 * 2 * RATE + 44);
    lab.machine.model = 'original';
    await assert.rejects(lab.speech().clone(await sampleOf(12, 'Olaf', 'de'), never), /Only English/);
  });

  it('says why it makes no voice: a sample that is no good, a voice that is there, a server that cannot', async () => {
    await open({ options: { voices: ['Emily.wav'] } });
    const clone = async (name: string, seconds = 12) =>
      lab.speech().clone(await sampleOf(seconds, name), never);
    await assert.rejects(clone('Ida', 31), ({ code, message }: LabError) => {
      return code === 'source_refused' && /exceeds maximum allowed duration/.test(message);
    });
    await assert.rejects(clone('EMILY'), /there is a voice “Emily” already/);
    await assert.rejects(clone('Ida'), ({ message, hint }: LabError) => {
      return /is not offered/.test(message) && /options voices/.test(hint ?? '');
    });
    await lab.close();
    const voices = [{ id: 'nova', title: 'nova' }];
    await open({ dialect: 'openai', machine: machineWith({ voices }), options: { voices: ['nova'] } });
    await assert.rejects(clone('Ida'), { code: 'target_unsuitable' });
  });

  it('is no Chatterbox where something else answers', async () => {
    lab = await chatterboxLab({ options: { server: 'devnen' }, dialect: 'travisvn' });
    await lab.until('that it is told', () => lab.log.lines.some((line) => /no Chatterbox server/.test(line)));
    assert.equal(lab.names(), undefined);
  });

  for (const streams of [true, false]) {
    it(`fails when its card has no memory left, ${streams ? 'where it streams' : 'as an older one says it'}`, async () => {
      const broken = 'CUDA out of memory. Tried to allocate 20 MiB';
      await open({ streams, machine: machineWith({ broken }) });
      // What streams has begun its answer by then, and can only break off.
      await assert.rejects(lab.say('Hello.'), ({ code, message, hint }: LabError) => {
        if (streams) return code === 'unreachable';
        return code === 'source_failed' && message.includes(broken) && /no memory left/.test(hint ?? '');
      });
      lab.machine.broken = undefined;
      assert.ok((await lab.say('Hello.')).length > 0, 'and its turn is free again');
    });
  }

  it('fails when it sends something else than sound, or breaks off', async () => {
    await open();
    lab.simulator.faults.inject({ path: '/tts' }, { kind: 'answer', status: 200, body: '{"ok": true}' }, 1);
    await assert.rejects(lab.say('Hello.'), /its sound cannot be used: it begins with “\{"ok”/);
    lab.simulator.faults.inject(
      { path: '/tts' },
      { kind: 'answer', status: 500, body: '{"detail": "CUDA out of memory. Tried to allocate 20 MiB"}' },
      1,
    );
    await assert.rejects(lab.say('Hello.'), ({ hint }: LabError) => /no memory left/.test(hint ?? ''));
    lab.machine.factor = 0.5;
    const speaking = lab.say('A sentence that takes some time to be made.');
    await eventually('the request', () => lab.machine.requests.length === 1);
    await lab.simulator.stop();
    await assert.rejects(speaking, { code: 'unreachable' });
  });
});
