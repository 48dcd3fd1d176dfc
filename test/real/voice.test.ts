import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import mqtt, { type MqttClient } from 'mqtt';
import {
  ChatterboxMachine,
  type ChatterboxSimulator,
  soundOf,
  startChatterboxSimulator,
} from '../../simulators/chatterbox/index.ts';
import { askForeign, benchForeign } from '../parts/foreign-wyoming.ts';
import { Home } from '../parts/home.ts';
import { CONFIGURATION, type HomeAssistant, startHomeAssistant } from '../parts/homeassistant.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually, freePort } from '../parts/process.ts';
import { measure } from '../parts/sound.ts';

/** A player that only says what it was to play, and a sentence that Assist knows an answer to. */
const EXTRA = `
media_player:
  - platform: universal
    name: Lab speaker
    commands:
      play_media:
        action: mqtt.publish
        data:
          topic: test/played
          payload: "{{ media_content_id }}"
intent_script:
  LabReport:
    speech:
      text: >-
        The rack is fine. All of its disks are healthy. The last backup ended at three o'clock. Nothing has to be done.
`;
const SENTENCES = `language: en
intents:
  LabReport:
    data:
      - sentences: ["how is the lab"]
`;

const ONE = 'The backup of the lab has failed tonight.';
const THREE = 'The first sentence is this one. The second one is a little longer. And this is the end.';

describe('a Chatterbox that speaks in a real Home Assistant', { timeout: 400_000 }, () => {
  const started: (() => unknown)[] = [];
  const machine = new ChatterboxMachine();
  let chatterbox: ChatterboxSimulator;
  let mosquitto: Mosquitto;
  let homeAssistant: HomeAssistant;
  let home: Home;
  let labkeeper: Labkeeper;
  let client: MqttClient;
  let played: string[] = [];
  let engine = '';

  before(async () => {
    Object.assign(machine, { way: 'espeak', factor: 0.2, model: 'multilingual', blocks: true });
    chatterbox = await startChatterboxSimulator({ machine });
    started.push(() => chatterbox.close());
    mosquitto = await startMosquitto();
    started.push(() => mosquitto.stop());
    const folder = await mkdtemp(path.join(tmpdir(), 'voice-home-'));
    started.push(() => rm(folder, { recursive: true, force: true }));
    await writeFile(path.join(folder, 'configuration.yaml'), `${CONFIGURATION}${EXTRA}`);
    await mkdir(path.join(folder, 'custom_sentences', 'en'), { recursive: true });
    await writeFile(path.join(folder, 'custom_sentences', 'en', 'lab.yaml'), SENTENCES);
    homeAssistant = await startHomeAssistant({ folder, port: await freePort(), mqttPort: mosquitto.port });
    started.push(() => homeAssistant.stop());
    home = new Home(await homeAssistant.connect());
    started.push(() => home.close());
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`);
    started.push(() => client.endAsync(true));
    client.on('message', (_, payload) => played.push(payload.toString()));
    await client.subscribeAsync('test/played');
    labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      self: 'none',
      chatterbox: [
        { id: 'lab', title: 'Chatterbox', url: chatterbox.url, languages: ['de', 'en'], voice: 'emily-en' },
      ],
    });
    started.push(() => labkeeper.stop());
    await home.entityId('labkeeper_chatterbox_lab_speech_self_model');
    await setUpWyoming();
    engine = await eventually('the voice in Home Assistant', async () => {
      const entry = (await home.entities()).find(
        ({ entity_id: id, platform }) => platform === 'wyoming' && id.startsWith('tts.'),
      );
      return entry?.entity_id;
    });
  });
  after(async () => {
    for (const end of started.reverse()) await end();
  });

  async function post(where: string, body: object): Promise<{ [key: string]: unknown }> {
    const answer = await fetch(`${homeAssistant.url}${where}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${homeAssistant.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${where}: ${answer.status} ${await answer.clone().text()}`);
    return (await answer.json()) as { [key: string]: unknown };
  }

  async function setUpWyoming(): Promise<void> {
    const flow = await post('/api/config/config_entries/flow', { handler: 'wyoming' });
    const result = await post(`/api/config/config_entries/flow/${flow.flow_id}`, {
      ...{ host: '127.0.0.1', port: labkeeper.wyomingPort },
    });
    assert.equal(result.type, 'create_entry', JSON.stringify(result));
  }

  /** What Home Assistant made of a text, as the player gets it. */
  async function fetched(url: string): Promise<{ readonly status: number; readonly sound: Buffer }> {
    // It may name itself by an address on which it does not listen here.
    const { pathname } = new URL(url, homeAssistant.url);
    const answer = await fetch(new URL(pathname, homeAssistant.url));
    return { status: answer.status, sound: Buffer.from(await answer.arrayBuffer()) };
  }

  /** Has a text spoken to the player, and takes what it would play. */
  async function speak(message: string, options: object = {}, language = 'en'): Promise<Buffer> {
    played = [];
    await home.callAction(
      'tts',
      'speak',
      { entity_id: engine },
      {
        ...{ media_player_entity_id: 'media_player.lab_speaker', message, cache: false, language },
        options: { preferred_format: 'wav', ...options },
      },
    );
    const media_content_id = await eventually('what is to be played', () => played[0]);
    const { url } = await home.connection.sendMessagePromise<{ url: string }>({
      ...{ type: 'media_source/resolve_media', media_content_id },
    });
    const { status, sound } = await fetched(url);
    assert.equal(status, 200);
    return sound;
  }
  const secondsOf = async (text: string): Promise<number> =>
    (await soundOf({ text, voice: 'Emily.wav', language: 'en', speed: 1 }, 'espeak')).length / 48_000;

  it('is understood by the protocol’s own library, plain and in parts, twenty at a time', async () => {
    const [info, plain, parts, wrong] = await askForeign(labkeeper.wyomingPort, [
      { describe: true },
      { text: ONE, voice: 'emily-en' },
      { parts: [...THREE.matchAll(/\S+\s*/g)].map(([word]) => word) },
      { text: ONE, voice: 'emma' },
    ]);
    assert.deepEqual(info?.voices, ['emily-de', 'emily-en', 'axel-de', 'axel-en']);
    assert.equal(info?.streams, true);
    assert.deepEqual(plain?.types, ['audio-start', 'audio-chunk', 'audio-stop']);
    assert.deepEqual(plain?.format, [24_000, 2, 1]);
    assert.ok(Math.abs((plain?.bytes ?? 0) / 48_000 - (await secondsOf(ONE))) < 0.1, `${plain?.bytes} bytes`);
    assert.deepEqual(parts?.types, ['audio-start', 'audio-chunk', 'audio-stop', 'synthesize-stopped']);
    assert.match(wrong?.error ?? '', /no voice “emma”/);
    const twenty = Array.from({ length: 20 }, (_, at) => ({ text: `Number ${at} says hello to the lab.` }));
    const told = await askForeign(labkeeper.wyomingPort, twenty);
    assert.ok(told.every(({ error, bytes }) => error === null && bytes > 48_000));
    assert.equal(machine.mostAtOnce, 1);
  });

  it('passes the bench of the protocol’s own people', async () => {
    const output = await benchForeign(labkeeper.wyomingPort, [
      '--texts',
      THREE,
      '--rounds',
      '1',
      '--warmup',
      '0',
    ]);
    assert.deepEqual(output.match(/\[\w+\] ok=\d+ fail=\d+/g), [
      '[non_streaming] ok=1 fail=0',
      '[streaming] ok=1 fail=0',
    ]);
  });

  it('speaks to a player what an automation says: whole, without gaps or clipping, 24 kHz mono', async () => {
    const sound = await speak(THREE);
    const { rate, channels, seconds, peak, loudness, gap } = await measure(sound);
    assert.deepEqual([rate, channels], [24_000, 1]);
    const parts = await Promise.all(THREE.split(/(?<=\.) /).map(secondsOf));
    const wanted = parts.reduce((sum, part) => sum + part, 0) + 0.16;
    assert.ok(Math.abs(seconds - wanted) < 0.1, `${seconds} s instead of ${wanted}`);
    assert.ok(peak > 0.1 && peak < 0.999, `peak ${peak}`);
    assert.ok(loudness > 0.02, `loudness ${loudness}`);
    assert.ok(gap < 1, `a gap of ${gap} s`);
  });

  it('speaks in the voice and language that is chosen', async () => {
    const before = machine.requests.length;
    await speak('Guten Morgen, alles ist gut.', { voice: 'axel-de' }, 'de');
    assert.deepEqual(
      machine.requests.slice(before).map(({ voice, language }) => [voice, language]),
      [['Axel.wav', 'de']],
    );
  });

  it('answers Assist aloud, sentence by sentence', async () => {
    const pipeline = await home.connection.sendMessagePromise<{ id: string }>({
      type: 'assist_pipeline/pipeline/create',
      ...{ name: 'Lab', language: 'en', conversation_engine: 'conversation.home_assistant' },
      ...{ conversation_language: 'en', tts_engine: engine, tts_language: 'en', tts_voice: 'axel-en' },
      ...{ stt_engine: null, stt_language: null, wake_word_entity: null, wake_word_id: null },
    });
    const before = machine.requests.length;
    const done = Promise.withResolvers<string>();
    const end = await home.connection.subscribeMessage<{
      type: string;
      data: { tts_output?: { url: string } };
    }>(
      ({ type, data }) => {
        if (type === 'tts-end' && data.tts_output) done.resolve(data.tts_output.url);
        if (type === 'error') done.reject(new Error(JSON.stringify(data)));
      },
      {
        ...{ type: 'assist_pipeline/run', start_stage: 'intent', end_stage: 'tts', pipeline: pipeline.id },
        input: { text: 'how is the lab' },
      },
    );
    const { status, sound } = await fetched(await done.promise);
    await end();
    assert.equal(status, 200);
    assert.ok(sound.length > 10_000);
    const asked = machine.requests.slice(before);
    assert.deepEqual(
      asked.map(({ text }) => text),
      [
        'The rack is fine.',
        'All of its disks are healthy.',
        "The last backup ended at three o'clock.",
        'Nothing has to be done.',
      ],
    );
    assert.ok(asked.every(({ voice }) => voice === 'Axel.wav'));
  });

  it('speaks twenty texts that Home Assistant asks for at the same time', async () => {
    const texts = Array.from({ length: 20 }, (_, at) => `Message number ${at} is for room ${at}.`);
    const sounds = await Promise.all(
      texts.map(async (message) => {
        const { url } = await post('/api/tts_get_url', {
          ...{ engine_id: engine, message, language: 'en', cache: false },
          options: { preferred_format: 'wav' },
        });
        return fetched(String(url));
      }),
    );
    for (const [at, { status, sound }] of sounds.entries()) {
      assert.equal(status, 200);
      const { seconds } = await measure(sound);
      const wanted = await secondsOf(texts[at] ?? '');
      assert.ok(Math.abs(seconds - wanted) < 0.1, `number ${at}: ${seconds} s instead of ${wanted}`);
    }
    assert.equal(machine.mostAtOnce, 1);
  });

  it('leaves nobody waiting when Chatterbox is restarted in mid-sentence, and speaks again after it', async () => {
    machine.factor = 2;
    const before = machine.requests.length;
    const { url } = await post('/api/tts_get_url', {
      ...{ engine_id: engine, language: 'en', cache: false, options: { preferred_format: 'wav' } },
      message: 'This sentence is never heard to its end, since somebody restarts what speaks it.',
    });
    // Home Assistant may break off in the midst of its answer.
    const sound = fetched(String(url)).catch((error: Error) => {
      assert.match(error.message, /terminated/, String(error.cause));
      return { status: 0, sound: Buffer.alloc(0) };
    });
    await eventually('that it is being spoken', () => machine.requests.length > before);
    await chatterbox.stop();
    const { sound: rest } = await sound;
    assert.ok(rest.length < 1_000, `${rest.length} bytes were heard`);
    machine.factor = 0.2;
    await chatterbox.start();
    const again = await measure(await speak('It is back, and speaks to the end.'));
    assert.ok(again.seconds > 1);
  });

  it('shows how it speaks, and lets its default voice be chosen', async () => {
    const id = (key: string): Promise<string> => home.entityId(`labkeeper_chatterbox_lab_speech_self_${key}`);
    const voice = await id('voice');
    await home.until(voice, 'emily-en');
    await home.callAction('select', 'select_option', { entity_id: voice }, { option: 'axel-de' });
    await home.until(voice, 'axel-de');
    await home.until(await id('characters'), ({ state }) => Number(state) > 100, 60_000);
    await home.until(await id('loaded'), 'on', 60_000);
    const before = machine.requests.length;
    await askForeign(labkeeper.wyomingPort, [{ text: 'Guten Tag, wie geht es?' }]);
    assert.equal(machine.requests.at(-1)?.voice, 'Axel.wav');
    assert.ok(machine.requests.length > before);
    await home.callAction('button', 'press', { entity_id: await id('unload') });
    await home.until(await id('loaded'), 'off');
    await home.callAction('button', 'press', { entity_id: await id('load') });
    await home.until(await id('loaded'), 'on');
  });

  it('left no complaint in the log of Home Assistant', () => {
    const complaints = homeAssistant
      .log()
      .split('\n')
      .filter((line) => /wyoming|labkeeper|select/i.test(line));
    // What was cut off on purpose is told there.
    assert.deepEqual(
      complaints.filter(
        (line) => !/restart|chatterbox\/lab|cannot reach|service_error|Error getting tts|RIFF/i.test(line),
      ),
      [],
    );
  });
});
