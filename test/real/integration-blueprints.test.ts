import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Integrated, startIntegrated } from '../parts/integrated.ts';
import { ask, setUpIntegration } from '../parts/integration.ts';
import { eventually } from '../parts/process.ts';

const FOLDER = path.join(import.meta.dirname, '../../blueprints/automation/labkeeper');
const NAMES = readdirSync(FOLDER).sort();
const WEB = 'proxmox/home/guest/101';

const CONFIGURATION = `
automation: !include automations.yaml
tts:
input_boolean:
  call_off:
`;
const PROFILES = `
profiles:
  - {id: night, title: Night, off: [proxmox/home/guest/102]}
  - {id: day, title: Day, on: [proxmox/home/guest/102]}
`;

interface Job {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly user: string;
  readonly state: string;
}

describe('blueprints in a real Home Assistant', { timeout: 600_000 }, () => {
  let world: Integrated;
  /** What automations said to `notify`. */
  const told: string[] = [];
  const spoken: string[] = [];

  before(async () => {
    world = await startIntegrated(CONFIGURATION, { 'power-profiles.yaml': PROFILES });
    const { homeAssistant, home, labkeeper, token } = world;
    const step = await setUpIntegration(homeAssistant, { url: labkeeper.url, token });
    assert.equal(step.result?.state, 'loaded', JSON.stringify(step));
    await eventually('the device', () => home.device('labkeeper_proxmox_home_guest_101'), 60_000);
    await home.connection.subscribeEvents<{ data: Called }>(({ data }) => {
      const { message } = data.service_data ?? {};
      if (data.domain === 'persistent_notification') told.push(String(message));
      if (data.domain === 'tts') spoken.push(String(message));
    }, 'call_service');
  });
  after(() => world?.stop());

  for (const name of NAMES) {
    it(`${name} can be imported by its address`, async () => {
      const server = createServer((_, response) => response.end(readFileSync(path.join(FOLDER, name))));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/${name}`;
      const { connection } = world.home;
      const imported = await connection.sendMessagePromise<Imported>({ type: 'blueprint/import', url });
      assert.deepEqual(imported.validation_errors, null);
      const saved = { type: 'blueprint/save', domain: 'automation', path: `labkeeper/${name}` };
      await connection.sendMessagePromise({ ...saved, yaml: imported.raw_data, source_url: url });
      server.closeAllConnections();
      server.close();
    });
  }

  it('the power schedule applies its profiles, and holds off while something is busy', async () => {
    await state('schedule.lab', 'off');
    await state('sensor.tasks', '1');
    await state('sensor.gpu', '3');
    await automate('power_schedule', {
      ...{ schedule: 'schedule.lab', profile_on: 'day', profile_off: 'night' },
      ...{ busy: ['sensor.tasks'], gpus: ['sensor.gpu'] },
    });
    await state('schedule.lab', 'on');
    await isWaiting('power_schedule');
    await state('sensor.gpu', '90');
    await state('sensor.tasks', '0');
    await isWaiting('power_schedule');
    assert.deepEqual(await jobs('apply_power_profile'), []);
    await state('sensor.gpu', '0');
    const [job] = await someJobs('apply_power_profile', 1);
    assert.match(job?.user ?? '', /^automation \w{26}$/);
    await state('schedule.lab', 'off');
    await someJobs('apply_power_profile', 2);
  });

  it('a lab on battery is shut down, and that is called off when the power comes back', async () => {
    await state('sensor.ups', 'Online');
    await state('sensor.runtime', '600');
    const given = {
      status: 'sensor.ups',
      runtime: 'sensor.runtime',
      call_off: 'input_boolean.call_off',
      tell: TELL,
    };
    await automate('ups_on_battery', { ...given, minutes: 1 });
    await state('sensor.ups', 'On Battery, Discharging');
    await eventually('a warning', () =>
      told.some((text) => /on battery. It is shut down in 1 minutes/.test(text)),
    );
    await state('sensor.ups', 'Online');
    await eventually('that it is called off', () => told.includes('The lab is not shut down.'));
    assert.deepEqual(await jobs('shutdown_lab'), []);

    await automate('ups_on_battery', { ...given, minutes: 0 });
    await state('sensor.ups', 'OB DISCHRG');
    const [job] = await someJobs('shutdown_lab', 1);
    await isWaiting('ups_on_battery');
    await state('sensor.ups', 'OL CHRG');
    const [cancel] = await someJobs('cancel_job', 1);
    assert.ok(job !== undefined && cancel !== undefined);
    await eventually('that it is told', () => told.some((text) => /is called off/.test(text)));
    const end = await eventually('its end', async () => {
      const [now] = await jobs('shutdown_lab');
      return now !== undefined && ['cancelled', 'failed', 'succeeded'].includes(now.state) && now;
    });
    assert.equal(end.state, 'cancelled');
  });

  it('problems are spoken, in quiet hours after their end', async () => {
    await state('binary_sensor.pool', 'off', { friendly_name: 'Pool tank' });
    const given = {
      problems: ['binary_sensor.pool'],
      voice: 'tts.none',
      players: ['media_player.none'],
      lasting: 0,
    };
    await automate('problems_by_voice', { ...given, quiet_from: at(3_600), quiet_to: at(7_200) });
    await state('binary_sensor.pool', 'on', { friendly_name: 'Pool tank' });
    await eventually('words', () => spoken.length === 1);
    assert.equal(spoken[0], 'There is a problem in the lab: Pool tank.');
    await state('binary_sensor.pool', 'off', { friendly_name: 'Pool tank' });
    await automate('problems_by_voice', { ...given, quiet_from: at(-3_600), quiet_to: at(6) });
    await state('binary_sensor.pool', 'on', { friendly_name: 'Pool tank' });
    const quiet = Date.now();
    await eventually('words in the morning', () => spoken.length === 2);
    assert.ok(Date.now() - quiet > 1_000, 'it was quiet until then');
  });

  it('a card that is too hot is told of, and what uses it ended', async () => {
    await state('sensor.hot', '60', { friendly_name: 'RTX 3090 Temperature' });
    const device = await world.home.device('labkeeper_proxmox_home_guest_101');
    await automate('gpu_too_hot', {
      temperature: 'sensor.hot',
      above: 85,
      minutes: 0,
      stop: [device?.id],
      tell: TELL,
    });
    await state('sensor.hot', '91', { friendly_name: 'RTX 3090 Temperature' });
    const [job] = await someJobs('set_power', 1);
    assert.equal(job?.target, WEB);
    assert.ok(told.includes('RTX 3090 Temperature: 91 °C. What uses the card is ended.'), told.join('\n'));
  });

  it('a guest without a backup is told of, and backed up', async () => {
    const entity = await world.home.entityId('labkeeper_proxmox_home_guest_101_unprotected');
    await state(entity, 'on', world.home.states[entity]?.attributes);
    await automate('guest_unprotected', { guests: [entity], at: at(3), back_up: true, tell: TELL });
    const [job] = await someJobs('backup_now', 1);
    assert.equal(job?.target, WEB);
    assert.ok(told.some((text) => /^Without a recent backup: .+\. They are backed up now\.$/.test(text)));
  });

  it('updates go one after another, and the first that fails ends it', async () => {
    const devices = await world.home.devices();
    const entities = await world.home.entities();
    const ofContainers = entities.filter(
      ({ unique_id, device_id, entity_id }) =>
        unique_id.endsWith('_power') &&
        world.home.states[entity_id]?.state === 'on' &&
        devices.some(
          ({ id, identifiers }) => id === device_id && /_container_/.test(identifiers[0]?.[1] ?? ''),
        ),
    );
    const updates = ofContainers.slice(0, 2).map(({ entity_id }) => entity_id);
    assert.equal(updates.length, 2);
    const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][new Date(Date.now() + 3_000).getUTCDay()];
    await automate('weekly_safe_updates', { updates, day, at: at(3), protection: 'none', tell: TELL });
    // The simulated engine has no registry to pull from.
    await eventually(
      'that it is told',
      () => told.some((text) => /was not updated; the others wait/.test(text)),
      90_000,
    );
    const asked = await jobs('image_update');
    assert.equal(asked.length, 1);
  });

  it('a guest is woken when someone comes home, and ended when all have left', async () => {
    const before = (await jobs('set_power')).length;
    await state('person.ada', 'not_home');
    const device = await world.home.device('labkeeper_proxmox_home_guest_102');
    const given = { people: ['person.ada'], guests: [device?.id], after: at(-3_600), before: at(3_600) };
    await automate('wake_when_home', { ...given, away: 0.05 });
    await state('person.ada', 'home');
    const [woken] = await someJobs('set_power', before + 1);
    assert.equal(woken?.target, 'proxmox/home/guest/102');
    await state('person.ada', 'not_home');
    await someJobs('set_power', before + 2);
  });

  it('none of them leaves a complaint in Home Assistant’s log', () => {
    const lines = world.homeAssistant.log().split('\n');
    const suspicious = lines.filter(
      (line) =>
        /blueprint|labkeeper|automation/i.test(line) && !/weekly_safe_updates|not been tested/.test(line),
    );
    assert.deepEqual(suspicious, []);
  });

  const TELL = [{ action: 'persistent_notification.create', data: { message: '{{ message }}' } }];

  /** A time of the day, so many seconds from now. */
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString().slice(11, 19);

  const state = (entity: string, value: string, attributes: object = {}): Promise<unknown> =>
    ask(world.homeAssistant, `/api/states/${entity}`, { state: value, attributes });

  /** Makes, or makes anew, an automation of a blueprint, and waits until it is there. */
  async function automate(name: string, input: object): Promise<void> {
    const body = { alias: name, use_blueprint: { path: `labkeeper/${name}.yaml`, input } };
    await ask(world.homeAssistant, `/api/config/automation/config/${name}`, body);
    await world.home.until(`automation.${name}`, 'on');
    // It is loaded anew a moment after it was written.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  const isWaiting = (name: string): Promise<unknown> =>
    world.home.until(`automation.${name}`, ({ attributes }) => attributes.current === 1);

  async function jobs(action: string): Promise<readonly Job[]> {
    const answer = await world.home.connection.sendMessagePromise<{ jobs: readonly Job[] }>({
      ...{ type: 'labkeeper/jobs', limit: 200 },
    });
    return answer.jobs.filter((job) => job.action === action);
  }

  const someJobs = (action: string, count: number): Promise<readonly Job[]> =>
    eventually(
      `${count} jobs ${action}`,
      async () => {
        const made = await jobs(action);
        return made.length === count && made;
      },
      20_000,
    );
});

interface Imported {
  readonly raw_data: string;
  readonly validation_errors: readonly string[] | null;
}

interface Called {
  readonly domain: string;
  readonly service_data?: { readonly message?: unknown };
}
