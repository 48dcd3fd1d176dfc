import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActionRequest } from '../addon/src/contract/action.ts';
import { objectId } from '../addon/src/core/ids.ts';
import { discoveryOf } from '../addon/src/entities/discovery.ts';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import { statesOf } from '../addon/src/entities/states.ts';
import { topicsOf } from '../addon/src/entities/topics.ts';
import type { LabResourceOf } from '../addon/src/kinds/index.ts';
import { createCommands } from '../addon/src/mqtt/commands.ts';
import { recordingLog } from './helpers/samples.ts';

const speaking = (voice: string | null): LabResourceOf<'speech'> => ({
  ...{ id: 'chatterbox/lab/speech/self', kind: 'speech', name: 'Chatterbox', available: true, facts: {} },
  readings: {
    ...{ model: 'turbo', loaded: true, queue: 0, first_sound: null, factor: null, characters: 0 },
    ...{ voice, voices: 2, replaced: false },
    choices: [
      { key: 'emily_en', title: 'emily-en', language: 'en' },
      { key: 'axel_en', title: 'axel-en', language: 'en' },
    ],
  },
});
const TOPICS = topicsOf(speaking(null).id, defaultSettings);

suite('a choice', () => {
  test('is offered with all that may be chosen', () => {
    const { components } = discoveryOf(
      speaking('axel-en'),
      { name: 'Chatterbox', parent: undefined },
      defaultSettings,
    );
    const { platform, options, command_topic, entity_category } = components.voice ?? {};
    assert.deepEqual(
      { platform, options, command_topic, entity_category },
      {
        ...{ platform: 'select', options: ['emily-en', 'axel-en'], entity_category: 'config' },
        command_topic: TOPICS.command('voice'),
      },
    );
  });

  test('shows what is chosen, and nothing where that may not be chosen any more', () => {
    const shown = (voice: string | null): unknown =>
      JSON.parse(statesOf(speaking(voice), defaultSettings).get(TOPICS.state) ?? '{}').voice;
    assert.deepEqual([shown('axel-en'), shown('emma'), shown(null)], ['axel-en', null, null]);
  });

  test('asks for what is chosen, and for nothing else', () => {
    const requests: ActionRequest[] = [];
    const refusals: string[] = [];
    const resource = speaking('emily-en');
    const take = createCommands({
      ...{ settings: defaultSettings, log: recordingLog() },
      resourceOf: (id) => (id === objectId(resource.id) ? resource : undefined),
      refuse: (_, reason) => refusals.push(reason),
      submit: (request) => requests.push(request),
    });
    for (const payload of ['axel-en', 'emma', '', 'constructor'])
      take({ topic: TOPICS.command('voice'), payload, retain: false, qos: 1 });
    assert.deepEqual(
      requests.map(({ action, input }) => [action, input]),
      [['choose_voice', { voice: 'axel-en' }]],
    );
    assert.equal(refusals.length, 3);
  });
});
