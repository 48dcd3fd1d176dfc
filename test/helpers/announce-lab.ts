import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Job } from '../../addon/src/actions/job.ts';
import { announcingOf } from '../../addon/src/app/announcing.ts';
import type { Announcements } from '../../addon/src/contract/announcements.ts';
import type { Announcing } from '../../addon/src/contract/announcing.ts';
import { type Database, memoryDatabase } from '../../addon/src/core/database.ts';
import { homeAssistant } from '../../addon/src/homeassistant/index.ts';
import { bench, self } from './executor.ts';
import { FakeClock } from './fake-clock.ts';
import { HomeAssistantServer, type HomeMessage } from './home-assistant-server.ts';
import { passingTime } from './passing-time.ts';
import { recordingLog } from './samples.ts';

export interface FakeEntity {
  readonly area?: string;
  readonly device?: string;
  readonly hidden?: boolean;
  /** False: it was set up in YAML. */
  readonly listed?: false;
  readonly platform?: string;
  state: string;
  attributes: Record<string, unknown>;
}

const VOLUME = 4;
const PLAY = 512;
const ANNOUNCE = 1_048_576;

/** A speaker that goes on with what it played. */
export const aSpeaker = (change: Partial<FakeEntity> = {}, volume: number | null = 0.3): FakeEntity => ({
  state: 'idle',
  ...change,
  attributes: {
    ...{ friendly_name: 'Speaker', supported_features: VOLUME | PLAY | ANNOUNCE },
    ...(volume !== null && { volume_level: volume }),
    ...change.attributes,
  },
});

/** A player that knows no announcements. */
export const aPlayer = (change: Partial<FakeEntity> = {}): FakeEntity =>
  aSpeaker({ ...change, attributes: { supported_features: VOLUME | PLAY, ...change.attributes } });

export const aSatellite = (change: Partial<FakeEntity> = {}): FakeEntity => ({
  state: 'idle',
  ...change,
  attributes: { friendly_name: 'Satellite', supported_features: 1, ...change.attributes },
});

export interface AnnounceLabOptions {
  readonly entities?: Readonly<Record<string, FakeEntity>>;
  readonly settings?: Announcements;
  readonly voices?: readonly { readonly name: string; readonly language: string }[];
  readonly database?: Database;
}

/** A Home Assistant on the wire that can say something, and an executor before it. */
export async function announceLab(options: AnnounceLabOptions = {}) {
  const { entities = {}, settings, voices = [], database = memoryDatabase() } = options;
  const clock = new FakeClock();
  const server = new HomeAssistantServer();
  const calls: string[] = [];
  const events: object[] = [];
  /** Answers that calls get instead, by how their line begins. */
  const refusals = new Map<string, Error>();
  const devices = new Map(
    Object.values(entities).flatMap(({ device, area }) => (device === undefined ? [] : [[device, area]])),
  );
  server.answers.set('config/area_registry/list', () => [
    { area_id: 'kitchen', name: 'Kitchen' },
    { area_id: 'hall', name: 'Hall' },
  ]);
  server.answers.set('config/device_registry/list', () =>
    [...devices].map(([id, area_id = null]) => ({ id, area_id })),
  );
  server.answers.set('config/entity_registry/list_for_display', () => ({
    entities: Object.entries(entities)
      .filter(([, { listed }]) => listed !== false)
      .map(([ei, { device, area, hidden, platform = 'demo' }]) => ({
        ...{ ei, pl: platform, ...(hidden && { hb: true }) },
        ...(device === undefined ? area && { ai: area } : { di: device }),
      })),
  }));
  server.answers.set('get_config', () => ({ components: ['assist_satellite'] }));
  server.answers.set('tts/engine/list', () => ({
    providers: [
      { engine_id: 'tts.cloud', supported_languages: ['en-US', 'de-DE'] },
      { engine_id: 'tts.labkeeper', supported_languages: ['de', 'en'] },
    ].filter(({ engine_id }) => engine_id in entities),
  }));
  server.answers.set('tts/engine/voices', ({ engine_id, language }) => ({
    voices:
      engine_id === 'tts.cloud'
        ? [{ voice_id: `Jenny-${language}`, name: 'Jenny' }]
        : voices
            .filter((voice) => voice.language === language)
            .map(({ name }) => ({ voice_id: name, name: name.toUpperCase() })),
  }));
  server.answers.set('call_service', (message) => {
    const line = lineOf(message);
    calls.push(line);
    for (const [begin, error] of refusals) if (line.startsWith(begin)) throw error;
    const { entity_id } = message.target as { entity_id: string };
    const { volume_level } = message.service_data as { volume_level?: number };
    const entity = entities[entity_id];
    if (volume_level !== undefined && entity !== undefined) entity.attributes.volume_level = volume_level;
    return { context: {} };
  });
  server.events.set('subscribe_entities', ({ entity_ids }) => ({
    a: Object.fromEntries(
      (entity_ids as string[]).flatMap((id) => {
        const entity = entities[id];
        return entity === undefined ? [] : [[id, { s: entity.state, a: entity.attributes }]];
      }),
    ),
  }));
  await server.listen();
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-announce-'));
  if (settings !== undefined)
    await writeFile(path.join(folder, 'announcements.yaml'), JSON.stringify(settings));
  const log = recordingLog();
  const home = homeAssistant(
    { url: server.url, token: async () => server.token, clock, random: () => 0.5, log },
    () => voices,
  );
  const announcing = announcingOf({
    ...{ homeAssistant: home, clock, folder },
    emit: (_, event) => void events.push(event),
  }) as Announcing;
  let { executor, submit } = bench({}, { capabilities: { announcing }, database, clock });
  const ask = (input: object): Job =>
    submit({ action: 'announce', target: self.id, input: { ...input }, door: 'homeassistant', user: 'Ida' });
  const { until, pass } = passingTime({ clock, log });
  const over = async (job: Job): Promise<Job> => {
    const now = (): Job => executor.job(job.id) ?? assert.fail('the job is gone');
    await until(`the end of ${job.action}`, () => !['queued', 'running'].includes(now().state), 3_000);
    return now();
  };
  return {
    ...{ clock, server, calls, events, refusals, announcing, entities, until, pass, ask, over },
    job: (id: string) => executor.job(id),
    cancel: (id: string) => executor.cancel(id),
    plan: (input: object) =>
      executor.plan({ action: 'announce', target: self.id, input: { ...input }, door: 'http', user: 'Ida' }),
    say: (input: object): Promise<Job> => over(ask(input)),
    volumeOf: (id: string) => entities[id]?.attributes.volume_level,
    /** Ends this run of Labkeeper, and begins the next one. */
    restart: async () => {
      await executor.close();
      ({ executor, submit } = bench({}, { capabilities: { announcing }, database, clock }));
      executor.look(self);
    },
    close: async () => {
      await executor.close();
      home.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function lineOf({ domain, service, service_data, target }: HomeMessage): string {
  const { entity_id } = target as { entity_id: string };
  return `${domain}.${service} ${entity_id} ${JSON.stringify(service_data)}`;
}

export type AnnounceLab = Awaited<ReturnType<typeof announceLab>>;
