import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Job } from '../addon/src/actions/job.ts';
import { SELF_ID } from '../addon/src/lab/self.ts';
import {
  type AnnounceLab,
  type AnnounceLabOptions,
  announceLab,
  aPlayer,
  aSatellite,
  aSpeaker,
} from './helpers/announce-lab.ts';

const TTS = { 'tts.labkeeper': { state: 'unknown', attributes: {}, platform: 'wyoming' } };
const VOICES = [
  { name: 'emily-en', language: 'en' },
  { name: 'emily-de', language: 'de' },
];
const HELLO = 'Hello, {{ states("sun.sun") }}.';

describe('an announcement', () => {
  let lab: AnnounceLab;
  afterEach(() => lab.close());

  async function open(
    entities: NonNullable<AnnounceLabOptions['entities']>,
    more: Omit<AnnounceLabOptions, 'entities'> = {},
  ): Promise<AnnounceLab> {
    lab = await announceLab({ entities: { ...TTS, ...entities }, voices: VOICES, ...more });
    return lab;
  }
  const KITCHEN = 'media_player.kitchen';
  const spoken = (): readonly string[] => lab.calls.filter((line) => /^(tts|assist)/.test(line));

  it('is said by a media player in Labkeeper’s own voice, after a chime, and shown afterwards', async () => {
    await open({ [KITCHEN]: aSpeaker({ listed: false, attributes: { friendly_name: 'Kitchen' } }) });
    const job = await lab.say({ message: HELLO, targets: [KITCHEN] });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    const chime = { media_content_id: '/api/assist_satellite/static/preannounce.mp3' };
    assert.deepEqual(lab.calls, [
      `media_player.play_media ${KITCHEN} ${JSON.stringify({ ...chime, media_content_type: 'music', announce: true })}`,
      // As it was given: nobody looks into it.
      `tts.speak tts.labkeeper ${JSON.stringify({ media_player_entity_id: KITCHEN, message: HELLO, cache: true })}`,
    ]);
    assert.deepEqual(lab.events, [
      { event_type: 'said', message: HELLO, by: 'homeassistant, Ida', where: 'Kitchen', failed: '' },
    ]);
  });

  it('is said by a satellite as an announcement, in its own voice unless another is asked for', async () => {
    await open({ 'assist_satellite.hall': aSatellite() });
    await lab.say({ message: 'One.', targets: ['assist_satellite.hall'], chime: false });
    await lab.say({ message: 'Zwei & drei.', targets: ['assist_satellite.hall'], voice: 'emily-de' });
    const media_id =
      'media-source://tts/tts.labkeeper?message=Zwei+%26+drei.&cache=true&language=de&tts_options=%7B%22voice%22%3A%22emily-de%22%7D';
    assert.deepEqual(lab.calls, [
      `assist_satellite.announce assist_satellite.hall ${JSON.stringify({ message: 'One.', preannounce: false })}`,
      `assist_satellite.announce assist_satellite.hall ${JSON.stringify({ message: 'Zwei & drei.', preannounce: true, media_id })}`,
    ]);
  });

  it('is said in an area in the best way that it has', async () => {
    const box = aSpeaker({ area: 'hall', state: 'unavailable' });
    const radio = aPlayer({ area: 'hall' });
    await open({
      'assist_satellite.kitchen': aSatellite({ device: 'puck', area: 'kitchen' }),
      'media_player.puck': aSpeaker({ device: 'puck', area: 'kitchen' }),
      'media_player.sonos': aSpeaker({ area: 'kitchen' }),
      ...{ 'media_player.box': box, 'media_player.radio': radio },
      'media_player.hidden': aSpeaker({ area: 'hall', hidden: true }),
      'media_player.tv': aPlayer({ area: 'hall', attributes: { device_class: 'tv' } }),
    });
    const at = (area: string) => lab.announcing.find({ targets: [], areas: [area] });
    const ways = async (area: string) =>
      (await at(area)).mouths.map(({ id, way, player }) => [id, way, player]);
    // The volume of a satellite is its device's.
    assert.deepEqual(await ways('kitchen'), [['assist_satellite.kitchen', 'satellite', 'media_player.puck']]);
    assert.deepEqual(await ways(' HALL '), [['media_player.radio', 'play', 'media_player.radio']]);
    box.state = 'idle';
    assert.deepEqual(await ways('hall'), [['media_player.box', 'announce', 'media_player.box']]);
    for (const player of [box, radio]) player.state = 'unavailable';
    assert.deepEqual((await at('hall')).silent, ['nobody in Hall can say anything now']);
  });

  it('is said at its own volume, which is put back afterwards', async () => {
    await open({ [KITCHEN]: aSpeaker({}, 0.25), 'media_player.mute': aSpeaker({}, null) });
    const job = lab.ask({ message: 'Hello.', targets: [KITCHEN, 'media_player.mute'], volume: 60 });
    await lab.until('the words', () => spoken().length === 2);
    assert.equal(lab.volumeOf(KITCHEN), 0.6);
    assert.equal((await lab.over(job)).state, 'succeeded');
    assert.equal(lab.volumeOf(KITCHEN), 0.25);
    assert.equal(lab.calls.filter((line) => line.includes('volume_set media_player.mute')).length, 0);
  });

  it('puts the volume back also where speaking fails, and says where it was not heard', async () => {
    await open({ [KITCHEN]: aSpeaker({}, 0.25), 'media_player.bath': aSpeaker({}, 0.5) });
    lab.refusals.set('media_player.play_media media_player.bath', new Error('the bath is under water'));
    const job = await lab.say({ message: 'Hello.', targets: [KITCHEN, 'media_player.bath'], volume: 60 });
    assert.equal(job.state, 'failed');
    assert.match(job.error?.message ?? '', /it was not said everywhere: Speaker: .*the bath is under water/);
    assert.deepEqual([lab.volumeOf(KITCHEN), lab.volumeOf('media_player.bath')], [0.25, 0.5]);
    assert.equal((lab.events[0] as { event_type: string }).event_type, 'partly_said');
  });

  it('puts the volume back as soon as Home Assistant is there again', async () => {
    await open({ [KITCHEN]: aSpeaker({}, 0.25) });
    const job = lab.ask({ message: 'Hello.', targets: [KITCHEN], volume: 60 });
    await lab.until('the words', () => spoken().length === 1);
    await lab.server.close();
    await lab.until('that it wants to', () => lab.job(job.id)?.step === 'Put the volume back', 60);
    assert.equal(lab.volumeOf(KITCHEN), 0.6);
    await lab.server.listen();
    await lab.over(job);
    assert.equal(lab.volumeOf(KITCHEN), 0.25);
  });

  it('puts the volume back after a restart of Labkeeper, and does not say it twice', async () => {
    await open({ [KITCHEN]: aSpeaker({}, 0.25) });
    const job = lab.ask({ message: 'Hello.', targets: [KITCHEN], volume: 60 });
    await lab.until('the words', () => spoken().length === 1);
    await lab.restart();
    assert.equal(lab.volumeOf(KITCHEN), 0.6);
    await lab.over(job);
    assert.equal(lab.volumeOf(KITCHEN), 0.25);
    assert.equal(spoken().length, 1);
  });

  it('waits for the one before it, unless it is urgent: then only for the one that is being said', async () => {
    await open({ [KITCHEN]: aSpeaker() });
    const said = () => spoken().map((line) => /"message":"(\w+)/.exec(line)?.[1]);
    const ask = async (word: string, more: object = {}): Promise<Job> => {
      const message = `${word}. ${'La '.repeat(300)}`;
      const job = lab.ask({ message, targets: [KITCHEN], ...more });
      await lab.until(
        `that it is said or waits: ${word}`,
        () => said().includes(word) || lab.job(job.id)?.step === 'Wait until nobody else speaks',
      );
      return job;
    };
    const jobs = [await ask('First')];
    await lab.until('the first', () => said().length === 1);
    jobs.push(await ask('Second'), await ask('Third'));
    const urgent = await ask('Fire', { priority: 'urgent' });
    assert.deepEqual(said(), ['First'], 'it is still being said');
    lab.cancel(jobs[2]?.id ?? '');
    for (const job of [...jobs, urgent]) await lab.over(job);
    assert.deepEqual(said(), ['First', 'Fire', 'Second']);
    assert.equal(lab.job(jobs[2]?.id ?? '')?.state, 'cancelled');
  });

  it('waits until a player that played nothing before has ended', async () => {
    await open({ [KITCHEN]: aSpeaker() });
    const job = lab.ask({ message: 'Hello.', targets: [KITCHEN], chime: false });
    await lab.until('the words', () => spoken().length === 1);
    Object.assign(lab.entities[KITCHEN] ?? {}, { state: 'playing' });
    await lab.pass(3);
    assert.equal(lab.job(job.id)?.state, 'running');
    Object.assign(lab.entities[KITCHEN] ?? {}, { state: 'idle' });
    assert.equal((await lab.over(job)).state, 'succeeded');
  });

  it('is said in the voice that is asked for, and never in another', async () => {
    const cloud = { 'tts.cloud': { state: 'unknown', attributes: {} } };
    await open({ [KITCHEN]: aSpeaker(), ...cloud });
    const narrator = async (wish: object) =>
      (await lab.announcing.find({ targets: [KITCHEN], areas: [], ...wish })).narrator;
    assert.deepEqual(await narrator({}), { engine: 'tts.labkeeper' });
    const german = { engine: 'tts.labkeeper', language: 'de', voice: 'emily-de' };
    assert.deepEqual(await narrator({ voice: 'emily-de' }), german);
    assert.deepEqual(await narrator({ language: 'de' }), german);
    const jenny = { engine: 'tts.cloud', language: 'de-DE', voice: 'Jenny-de-DE' };
    assert.deepEqual(await narrator({ voice: 'Jenny', language: 'de' }), jenny);
    assert.deepEqual(await narrator({ engine: 'tts.cloud' }), { engine: 'tts.cloud' });
    const job = await lab.say({ message: 'Hello.', targets: [KITCHEN], voice: 'emma' });
    assert.match(job.error?.message ?? '', /no text-to-speech of Home Assistant has the voice “emma”/);
    assert.deepEqual(lab.calls, []);
  });

  it('is refused in words where nobody could say it', async () => {
    await open({ 'media_player.remote': aSpeaker({ attributes: { supported_features: 4 } }) });
    const why = async (input: object) =>
      (await lab.say({ message: 'Hello.', ...input })).error?.message ?? '';
    assert.match(await why({}), /nobody is named who could say it/);
    assert.match(await why({ targets: ['media_player.nobody'] }), /there is no media_player\.nobody/);
    assert.match(await why({ targets: ['light.hall'] }), /“light\.hall” is no media player and no satellite/);
    assert.match(await why({ targets: ['media_player.remote'] }), /Speaker .* cannot play what it is given/);
    assert.match(await why({ areas: ['Cellar'] }), /there is no area “Cellar”/);
    assert.match(await why({ areas: ['Hall'] }), /nobody in Hall can say anything now/);
    assert.deepEqual([lab.calls, lab.events], [[], []]);
  });

  it('has its targets, voice, volume and chime from the file where it does not say', async () => {
    const settings = { areas: ['Kitchen'], voice: 'emily-de', volume: 50, chime: false };
    await open({ [KITCHEN]: aSpeaker({ area: 'kitchen' }, 0.2) }, { settings });
    await lab.say({ message: 'Hallo.' });
    assert.deepEqual(
      lab.calls.map((line) => line.split(' ', 1)[0]),
      ['media_player.volume_set', 'tts.speak', 'media_player.volume_set'],
    );
    assert.match(spoken()[0] ?? '', /"voice":"emily-de"/);
  });

  it('can be looked at before', async () => {
    await open({ [KITCHEN]: aSpeaker(), 'media_player.off': aSpeaker({ state: 'unavailable' }) });
    const plan = await lab.plan({ message: 'Hello.', targets: [KITCHEN, 'media_player.off'], volume: 40 });
    assert.equal(plan.target.id, SELF_ID);
    assert.deepEqual(
      plan.steps.map(({ name }) => name),
      [
        'Wait until nobody else speaks',
        'Set the volume',
        'Say it',
        'Put the volume back',
        'Tell what was said where',
      ],
    );
    assert.deepEqual(plan.warnings?.[0], 'Speaker is unavailable');
    assert.deepEqual(lab.calls, []);
  });
});
