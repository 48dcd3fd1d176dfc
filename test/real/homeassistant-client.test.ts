import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { homeAssistantAddress, homeAssistantOf } from '../../addon/src/app/homeassistant.ts';
import { Secrets } from '../../addon/src/core/secrets.ts';
import type { HomeAssistant as Client } from '../../addon/src/homeassistant/index.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { recordingLog } from '../helpers/samples.ts';
import { type HomeAssistant, startHomeAssistant, USER } from '../parts/homeassistant.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually, freePort } from '../parts/process.ts';

interface User {
  readonly id: string;
  readonly name: string;
}

describe('what we ask Home Assistant', { timeout: 300_000 }, () => {
  const clock = new FakeClock();
  const log = recordingLog();
  const secrets = new Secrets();
  let folder: string;
  let mosquitto: Mosquitto;
  let homeAssistant: HomeAssistant;
  let client: Client;
  let dev: string;
  let guest: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'homeassistant-'));
    mosquitto = await startMosquitto();
    homeAssistant = await startHomeAssistant({ folder, port: await freePort(), mqttPort: mosquitto.port });
    const file = path.join(folder, 'token');
    await writeFile(file, `${homeAssistant.token}\n`);
    client = await open(file);
    const connection = await homeAssistant.connect();
    const users = await connection.sendMessagePromise<User[]>({ type: 'config/auth/list' });
    dev = users.find(({ name }) => name === USER.name)?.id as string;
    const created = await connection.sendMessagePromise<{ user: User }>({
      ...{ type: 'config/auth/create', name: 'Guest', group_ids: ['system-users'] },
    });
    guest = created.user.id;
    // Ended before that it would not keep its users.
    await eventually(
      'Home Assistant to be up',
      async () => {
        const { state } = await connection.sendMessagePromise<{ state: string }>({ type: 'get_config' });
        return state === 'RUNNING';
      },
      60_000,
    );
    connection.close();
  });

  after(async () => {
    client?.close();
    await homeAssistant?.stop();
    await mosquitto?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (token_file: string): Promise<Client> => {
    const address = homeAssistantAddress(
      { url: `${homeAssistant.url}/`, token_file },
      { supervisorToken: undefined },
    );
    return (await homeAssistantOf(address, { clock, log, secrets })) as Client;
  };

  const update = async (change: object): Promise<void> => {
    const connection = await homeAssistant.connect();
    await connection.sendMessagePromise({ type: 'config/auth/update', user_id: guest, ...change });
    connection.close();
    await clock.advance(61_000);
  };

  it('tells administrators from other users', async () => {
    assert.ok(dev && guest);
    assert.equal(await client.isAdministrator(dev), true);
    assert.equal(await client.isAdministrator(guest), false);
    assert.equal(await client.isAdministrator('0123456789abcdef0123456789abcdef'), false);
    assert.equal(secrets.redact(`token ${homeAssistant.token}`), 'token ***');
  });

  it('hears of it when a user becomes one, or may not log in any more', async () => {
    await update({ group_ids: ['system-admin'] });
    assert.equal(await client.isAdministrator(guest), true);
    await update({ is_active: false });
    assert.equal(await client.isAdministrator(guest), false);
  });

  it('counts nobody while Home Assistant is down, and goes on when it is back', async () => {
    await homeAssistant.end();
    await clock.advance(61_000);
    await eventually(
      'the connection to be gone',
      async () => (await client.isAdministrator(dev)) === undefined,
    );
    assert.equal(await client.isAdministrator(dev), undefined);
    assert.equal(log.lines.length, 1, log.lines.join('\n'));
    await homeAssistant.start();
    await eventually(
      'it to answer again',
      async () => {
        await clock.advance(61_000);
        return (await client.isAdministrator(dev)) === true;
      },
      60_000,
    );
    assert.equal(log.lines.filter((line) => line.startsWith('warn')).length, 1);
  });

  it('says what to do where the token is wrong', async () => {
    const file = path.join(folder, 'wrong-token');
    await writeFile(file, 'not-a-token-of-anybody');
    log.lines.length = 0;
    const other = await open(file);
    assert.equal(await other.isAdministrator(dev), undefined);
    other.close();
    assert.match(log.lines.join(), /refuses the token.*homeassistant\.token_file/);
    assert.doesNotMatch(log.lines.join(), /not-a-token-of-anybody/);
  });
});
