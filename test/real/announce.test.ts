import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  ChatterboxMachine,
  type ChatterboxSimulator,
  soundOf,
  startChatterboxSimulator,
} from '../../simulators/chatterbox/index.ts';
import { seededEngine } from '../../simulators/docker/seed.ts';
import { startDockerSimulator } from '../../simulators/docker/server.ts';
import { Home } from '../parts/home.ts';
import { CONFIGURATION, type HomeAssistant, startHomeAssistant } from '../parts/homeassistant.ts';
import { CARD } from '../parts/integrated.ts';
import { act, ask, copyIntegration, type FlowStep, setUpIntegration } from '../parts/integration.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually, freePort } from '../parts/process.ts';
import { addSpeakers, SPEAKERS_YAML } from '../parts/speakers.ts';
import { startWyomingSatellite, type WyomingSatellite } from '../parts/wyoming-satellite.ts';

const RULES = `
areas: [Kitchen]
volume: 60
chime: false
rules:
  unhealthy_container: { enabled: true }
`;
const KITCHEN = 'media_player.lab_kitchen';
const RADIO = 'media_player.lab_radio';
/** A template to whoever looks into it. */
const MESSAGE = 'The door is {{ 6 * 7 }} and open.';

describe('announcements in a real Home Assistant', { timeout: 400_000 }, () => {
  const started: (() => unknown)[] = [];
  const machine = Object.assign(new ChatterboxMachine(), {
    way: 'espeak',
    factor: 0.1,
    model: 'multilingual',
  });
  const engine = seededEngine();
  let chatterbox: ChatterboxSimulator;
  let mosquitto: Mosquitto;
  let homeAssistant: HomeAssistant;
  let home: Home;
  let labkeeper: Labkeeper;
  let satellite: WyomingSatellite;
  let hall = '';
  let seen = 0;

  before(async () => {
    chatterbox = await startChatterboxSimulator({ machine });
    started.push(() => chatterbox.close());
    const docker = await startDockerSimulator({ engine });
    started.push(() => docker.close());
    satellite = await startWyomingSatellite('Lab hall');
    started.push(() => satellite.close());
    mosquitto = await startMosquitto();
    started.push(() => mosquitto.stop());
    const folder = await mkdtemp(path.join(tmpdir(), 'announce-home-'));
    started.push(() => rm(folder, { recursive: true, force: true }));
    const port = await freePort();
    // Satellites fetch what they play from where Home Assistant says that it is.
    const internal = `  internal_url: http://127.0.0.1:${port}\n`;
    const configuration = CONFIGURATION.replace('  time_zone: UTC\n', `  time_zone: UTC\n${internal}`);
    await writeFile(path.join(folder, 'configuration.yaml'), `${configuration}${SPEAKERS_YAML}`);
    await addSpeakers(folder);
    await copyIntegration(folder);
    const www = path.join(folder, 'custom_components/labkeeper/www');
    await mkdir(www, { recursive: true });
    await writeFile(path.join(www, 'labkeeper-card.js'), CARD);
    homeAssistant = await startHomeAssistant({ folder, port, mqttPort: mosquitto.port });
    started.push(() => homeAssistant.stop());
    home = new Home(await homeAssistant.connect());
    started.push(() => home.close());
    const config = path.join(folder, 'labkeeper');
    await mkdir(config);
    await writeFile(path.join(config, 'announcements.yaml'), RULES);
    labkeeper = await startLabkeeper(
      {
        mqtt: { host: '127.0.0.1', port: mosquitto.port },
        self: 'none',
        homeassistant: { url: homeAssistant.url, token_file: path.join(folder, 'dev-token') },
        chatterbox: [
          { id: 'lab', title: 'Chatterbox', url: chatterbox.url, languages: ['de', 'en'], voice: 'emily-en' },
        ],
        docker: [{ id: 'lab', title: 'Lab', url: docker.url }],
      },
      config,
    );
    started.push(() => labkeeper.stop());
    await home.entityId('labkeeper_chatterbox_lab_speech_self_model');
    await eventually('Home Assistant has started', () => home.isRunning(), 120_000);
    for (const at of [labkeeper.wyomingPort, satellite.port]) await setUpWyoming(at);
    const token = await eventually('the token', async () => {
      const text = await readFile(path.join(labkeeper.folder, 'token'), 'utf8');
      return /^homeassistant (\S+)$/m.exec(text)?.[1];
    });
    assert.equal((await setUpIntegration(homeAssistant, { url: labkeeper.url, token })).type, 'create_entry');
    hall = await eventually('the satellite', async () => {
      const entry = (await home.entities()).find(({ entity_id: id }) => id.startsWith('assist_satellite.'));
      return entry?.entity_id;
    });
    await eventually('that it runs', () => satellite.isRunning());
    await useVoiceInPipeline();
    await putInto('Kitchen', [KITCHEN, RADIO]);
    await putInto('Hall', [hall]);
  });
  after(async () => {
    for (const end of started.reverse()) await end();
  });
  beforeEach(() => {
    seen = given(KITCHEN).length;
  });

  async function setUpWyoming(port: number): Promise<void> {
    const flows = '/api/config/config_entries/flow';
    const { flow_id } = (await ask(homeAssistant, flows, { handler: 'wyoming' })) as FlowStep;
    const result = (await ask(homeAssistant, `${flows}/${flow_id}`, { host: '127.0.0.1', port })) as FlowStep;
    assert.equal(result.type, 'create_entry', JSON.stringify(result));
  }

  /** Satellites speak with the voice of the assistant that is preferred. */
  async function useVoiceInPipeline(): Promise<void> {
    const entry = await eventually('the voice', async () =>
      (await home.entities()).find(
        ({ entity_id: id, platform }) => platform === 'wyoming' && id.startsWith('tts.'),
      ),
    );
    const { id } = await home.connection.sendMessagePromise<{ id: string }>({
      ...{ type: 'assist_pipeline/pipeline/create', name: 'Lab', language: 'en' },
      ...{ conversation_engine: 'conversation.home_assistant', conversation_language: 'en' },
      ...{ tts_engine: entry.entity_id, tts_language: 'en', tts_voice: 'axel-en' },
      ...{ stt_engine: null, stt_language: null, wake_word_entity: null, wake_word_id: null },
    });
    await home.connection.sendMessagePromise({
      type: 'assist_pipeline/pipeline/set_preferred',
      pipeline_id: id,
    });
  }

  async function putInto(name: string, entities: readonly string[]): Promise<void> {
    const areas = await home.connection.sendMessagePromise<{ area_id: string; name: string }[]>({
      type: 'config/area_registry/list',
    });
    const area =
      areas.find((one) => one.name === name) ??
      (await home.connection.sendMessagePromise<{ area_id: string }>({
        ...{ type: 'config/area_registry/create', name },
      }));
    const { area_id } = area;
    for (const entity of (await home.entities()).filter((one) => entities.includes(one.entity_id))) {
      const { entity_id, device_id } = entity;
      // What bears the name of its device is where that is.
      const where =
        device_id === null
          ? { type: 'config/entity_registry/update', entity_id }
          : { type: 'config/device_registry/update', device_id };
      await home.connection.sendMessagePromise({ ...where, area_id });
    }
  }

  function given(player: string): readonly string[] {
    return (home.states[player]?.attributes.given as string[] | undefined) ?? [];
  }
  const newly = (): readonly string[] => given(KITCHEN).slice(seen);

  const announcement = async () => {
    const id = await home.entityId('labkeeper_labkeeper_self_app_main_announcement');
    return home.states[id]?.attributes ?? {};
  };

  /** The text of what a player was given, which can be had and is sound. */
  async function spoken(line: string): Promise<string | null> {
    const media_content_id = line.slice(line.indexOf('media-source:'));
    const { url } = await home.connection.sendMessagePromise<{ url: string }>({
      ...{ type: 'media_source/resolve_media', media_content_id },
    });
    const answer = await fetch(new URL(new URL(url, homeAssistant.url).pathname, homeAssistant.url));
    assert.equal(answer.status, 200);
    assert.ok((await answer.arrayBuffer()).byteLength > 5_000);
    return new URL(media_content_id).searchParams.get('message');
  }

  it('play to a media player what was said, as it was given, at its own volume, and tell of it', async () => {
    const { jobs } = await act(home, 'announce', {
      ...{ message: MESSAGE, targets: [KITCHEN], volume: 70, chime: true, priority: 'urgent', wait: 30 },
    });
    assert.equal(jobs?.[0]?.state, 'succeeded', JSON.stringify(jobs));
    const [up, chime = '', words = '', down, ...rest] = newly();
    assert.deepEqual([up, down, rest], ['volume 0.70', 'volume 0.25', []]);
    assert.match(chime, /^announce at 0\.70: .*\/api\/assist_satellite\/static\/preannounce\.mp3/);
    assert.match(words, /^announce at 0\.70: media-source:\/\/tts\/tts\.\w+\?message=/);
    const heard = machine.requests.length;
    assert.equal(await spoken(words), MESSAGE);
    assert.ok(machine.requests.length > heard, 'Chatterbox has spoken it');
    await eventually('the event', async () => (await announcement()).message === MESSAGE);
    const { event_type, where, by } = await announcement();
    assert.deepEqual([event_type, where], ['said', 'Lab kitchen']);
    assert.match(String(by), /^homeassistant, /);
  });

  it('play to a satellite, in the voice of its assistant or the one that is asked for', async () => {
    const heard = machine.requests.length;
    await act(home, 'announce', { message: 'One two three.', targets: [hall], chime: false, wait: 30 });
    await act(home, 'announce', {
      ...{ message: 'Eins zwei drei.', targets: [hall], voice: 'emily-de', chime: false, wait: 30 },
    });
    assert.equal(satellite.played.length, 2);
    const asked = machine.requests.slice(heard).map(({ text, voice, language }) => [text, voice, language]);
    assert.deepEqual(asked, [
      ['One two three.', 'Axel.wav', 'en'],
      ['Eins zwei drei.', 'Emily.wav', 'de'],
    ]);
    for (const [at, [text = '', voice = '', language = '']] of asked.entries()) {
      const wanted = (await soundOf({ text, voice, language, speed: 1 }, 'espeak')).length / 48_000;
      const seconds = (satellite.played[at]?.length ?? 0) / 2 / satellite.rate();
      assert.ok(Math.abs(seconds - wanted) < 0.2, `${seconds} s instead of ${wanted}`);
    }
  });

  it('play in an area by whoever announces best there', async () => {
    const radio = given(RADIO).length;
    const played = satellite.played.length;
    const { jobs } = await act(home, 'announce', {
      ...{ message: 'Dinner is ready.', areas: ['kitchen', 'Hall'], chime: false, wait: 30 },
    });
    const { said, failed } = jobs?.[0]?.result ?? {};
    assert.deepEqual([[...(said as string[])].sort(), failed], [['Lab hall', 'Lab kitchen'], []]);
    assert.equal(given(RADIO).length, radio, 'the room does not hear it twice');
    assert.equal(satellite.played.length, played + 1);
    assert.deepEqual([newly()[0], newly()[2]], ['volume 0.60', 'volume 0.25']);
  });

  it('put the volume back where a player refuses, and say so', async () => {
    const before = given(RADIO).length;
    await assert.rejects(
      act(home, 'announce', { message: 'Please refuse this.', targets: [RADIO], chime: false, wait: 30 }),
      ({ message }: Error) => /not said everywhere: Lab radio: .*it does not play that/.test(message),
    );
    assert.deepEqual(given(RADIO).slice(before), ['volume 0.60', 'volume 0.50']);
  });

  it('are refused in words where nobody could say it', async () => {
    const wrong = [
      [{ targets: ['media_player.nobody'] }, /there is no media_player\.nobody/],
      [{ areas: ['Cellar'] }, /there is no area “Cellar”/],
      [{ targets: [KITCHEN], voice: 'emma' }, /has the voice “emma”/],
    ] as const;
    for (const [data, words] of wrong)
      await assert.rejects(
        act(home, 'announce', { message: 'Hello.', ...data, wait: 30 }),
        ({ message }: Error) => words.test(message),
      );
    assert.deepEqual(newly(), []);
  });

  it('are made by a rule when something happens, and not before', async () => {
    assert.equal(engine.find('ai-chatterbox-1').health?.status, 'healthy');
    engine.setHealth('ai-chatterbox-1', 'unhealthy');
    const words = await eventually(
      'the words',
      () => newly().find((line) => line.includes('media-source')),
      90_000,
    );
    assert.equal(await spoken(words), 'The container chatterbox is not healthy.');
    await eventually('the volume', () => newly().at(-1) === 'volume 0.25', 30_000);
    await eventually(
      'the event',
      async () => /labkeeper, rule/.test(String((await announcement()).by)),
      30_000,
    );
    const { event_type, where, by, message } = await announcement();
    assert.deepEqual(
      [event_type, where, by, message],
      [
        'said',
        'Lab kitchen',
        'labkeeper, rule unhealthy_container',
        'The container chatterbox is not healthy.',
      ],
    );
  });

  it('left no complaint in the log of Home Assistant', () => {
    const complaints = homeAssistant
      .log()
      .split('\n')
      .filter(
        (line) =>
          / (WARNING|ERROR) /.test(line) && /wyoming|labkeeper|lab_speakers|tts|satellite|mqtt/i.test(line),
      );
    // What was refused on purpose is told there.
    const wanted =
      /custom integration (labkeeper|lab_speakers)|it does not play that|call to labkeeper\.announce/;
    assert.deepEqual(
      complaints.filter((line) => !wanted.test(line)),
      [],
    );
  });
});
