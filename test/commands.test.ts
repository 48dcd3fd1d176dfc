import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActionRequest } from '../addon/src/contract/action.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { objectId } from '../addon/src/core/ids.ts';
import { defaultSettings, type EntitySettings } from '../addon/src/entities/settings.ts';
import { topicsOf } from '../addon/src/entities/topics.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { commandFilter, createCommands } from '../addon/src/mqtt/commands.ts';
import type { Message } from '../addon/src/mqtt/connection.ts';
import { aContainer, recordingLog } from './helpers/samples.ts';

const OBJECT_ID = 'docker_nas_container_media-plex-1-21440a7a';
const plex = aContainer();

function door(settings: Partial<EntitySettings> = {}, submit?: () => never, more?: LabResource) {
  const requests: ActionRequest[] = [];
  const refusals: [string, string][] = [];
  const log = recordingLog();
  const resources = new Map<string, LabResource>([
    [OBJECT_ID, plex],
    [`garage_${OBJECT_ID}`, plex],
  ]);
  if (more !== undefined) resources.set(objectId(more.id), more);
  const take = createCommands({
    settings: { ...defaultSettings, ...settings },
    resourceOf: (id) => resources.get(id),
    refuse: (id, reason) => refusals.push([id, reason]),
    submit: submit ?? ((request) => requests.push(request)),
    log,
  });
  const send = (topic: string, payload: string, more: Partial<Message> = {}): void =>
    take({ topic, payload, retain: false, qos: 1, ...more });
  return { requests, refusals, log, send };
}

suite('commands', () => {
  test('of a switch and a button become requests', () => {
    const { requests, log, send } = door();
    const topics = topicsOf(plex.id, defaultSettings);
    send(topics.command('power'), 'ON');
    send(topics.command('power'), 'OFF');
    send(topics.command('restart'), 'PRESS');
    const asked = { target: plex.id, door: 'mqtt', user: 'unknown' };
    assert.deepEqual(requests, [
      { action: 'set_power', input: { power: 'on' }, ...asked },
      { action: 'set_power', input: { power: 'off' }, ...asked },
      { action: 'restart', input: {}, ...asked },
    ]);
    assert.deepEqual(log.lines, []);
  });

  test('of a number become requests, within its bounds only', () => {
    const supply = {
      ...{
        id: 'scpi/supply/instrument/self',
        kind: 'instrument',
        name: 'Supply',
        available: true,
        facts: {},
      },
      readings: {
        outputs: [{ key: 'ch1', title: 'CH1', on: false, voltage: 5, max_voltage: 6, current: 1 }],
      },
    } as const satisfies LabResource;
    const { requests, refusals, send } = door({}, undefined, supply);
    const topics = topicsOf(supply.id, defaultSettings);
    send(topics.command('ch1_target_voltage'), '5.25');
    for (const payload of ['6.001', '-1', 'NaN', '', '1e1', 'Infinity', ' 5'])
      send(topics.command('ch1_target_voltage'), payload);
    send(topics.command('ch1_target_current'), '1');
    assert.deepEqual(
      requests.map(({ action, input }) => [action, input]),
      [['set_output_level', { voltage: 5.25, item: 'ch1' }]],
    );
    assert.equal(refusals.length, 8);
  });

  test('of a site come by its own topics', () => {
    const settings = { site: 'garage', base: 'labkeeper-garage' };
    const { requests, send } = door(settings);
    send(topicsOf(plex.id, { ...defaultSettings, ...settings }).command('power'), 'ON');
    assert.equal(requests[0]?.target, plex.id);
    assert.equal(commandFilter({ ...defaultSettings, ...settings }), 'labkeeper-garage/+/+/set');
  });

  /** Expects a message to be dropped with a warning that says why. */
  const dropped = (topic: string, payload: string, why: RegExp, more: Partial<Message> = {}): void => {
    const { requests, log, send } = door();
    send(topic, payload, more);
    assert.deepEqual(requests, [], `${topic} ${payload}`);
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? '', why);
  };

  test('that the broker kept are dropped', () => {
    dropped(`labkeeper/${OBJECT_ID}/power/set`, 'ON', /warn .*retain/, { retain: true });
  });

  test('that nobody defined are dropped, naming those that are', () => {
    for (const payload of ['on', 'TOGGLE', '', 'PRESS', 'constructor', '__proto__']) {
      dropped(`labkeeper/${OBJECT_ID}/power/set`, payload, /warn .*ON, OFF/);
    }
  });

  test('for nothing that we have are dropped', () => {
    dropped('labkeeper/docker_nas_container_other/power/set', 'ON', /warn .*nothing that we have/);
    dropped(`labkeeper/${OBJECT_ID}/other/set`, 'ON', /warn .*nothing that we have/);
    dropped(`labkeeper/${OBJECT_ID}/cpu/set`, 'ON', /warn .*nothing that we have/);
    dropped('labkeeper//power/set', 'ON', /warn .*nothing that we have/);
  });

  test('for a control that is not published are dropped', () => {
    const { requests, send } = door({ level: 'essential' });
    send(`labkeeper/${OBJECT_ID}/restart/set`, 'PRESS');
    assert.deepEqual(requests, []);
    send(`labkeeper/${OBJECT_ID}/power/set`, 'ON');
    assert.equal(requests.length, 1);
  });

  test('that are refused end in a warning', () => {
    const { log, send } = door({}, () => {
      throw new LabError('target_unsuitable', 'plex cannot be switched');
    });
    send(`labkeeper/${OBJECT_ID}/power/set`, 'ON');
    assert.deepEqual(log.lines, ['warn plex cannot be switched']);
  });

  test('that are refused or dropped are told where they were meant to be carried out', () => {
    const { refusals, send } = door({}, () => {
      throw new LabError('target_unsuitable', 'plex cannot be switched');
    });
    send(`labkeeper/${OBJECT_ID}/power/set`, 'ON');
    send(`labkeeper/${OBJECT_ID}/power/set`, 'TOGGLE');
    send(`labkeeper/${OBJECT_ID}/power/set`, 'ON', { retain: true });
    send('labkeeper/docker_nas_container_other/power/set', 'ON');
    assert.deepEqual(
      refusals.map(([id]) => id),
      [plex.id, plex.id, plex.id],
    );
    const [reasons] = [refusals.map(([, reason]) => reason).join('; ')];
    assert.match(reasons, /cannot be switched; .*ON, OFF.*; .*without retain/);
  });
});
