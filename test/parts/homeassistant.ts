import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Connection, createConnection, createLongLivedTokenAuth } from 'home-assistant-js-websocket';
import { eventually, type Restartable, type Running, run, runToEnd, untilListening } from './process.ts';

const BUILD = new URL('../../scripts/homeassistant/build.sh', import.meta.url).pathname;
const SERIES = '2026.11';
/** The one user, an administrator; loopback only. */
export const USER = { name: 'dev', password: 'dev' };

export interface HomeAssistant extends Restartable {
  readonly url: string;
  /** Token of the user `dev`. */
  readonly token: string;
  connect(): Promise<Connection>;
  /** What it logged at warning and above, over all its starts. */
  log(): string;
  stop(): Promise<void>;
}

export interface HomeAssistantOptions {
  /** Its configuration folder; one that was used before goes on as it was. */
  readonly folder: string;
  readonly port: number;
  /** Port of the MQTT broker on loopback. */
  readonly mqttPort: number;
}

/**
 * Starts a real Home Assistant on loopback, onboarded, with MQTT set up. `HOMEASSISTANT` names the `hass` to run
 * (or a script that passes its arguments on to one); else the cached build is used, made if need be.
 */
export async function startHomeAssistant({
  folder,
  port,
  mqttPort,
}: HomeAssistantOptions): Promise<HomeAssistant> {
  const url = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  const configuration = path.join(folder, 'configuration.yaml');
  if (!existsSync(configuration)) await writeFile(configuration, CONFIGURATION);
  await writeFile(path.join(folder, 'http.yaml'), `server_host: 127.0.0.1\nserver_port: ${port}\n`);
  const begin = async (): Promise<Running> => {
    const running = await hass(folder);
    await untilListening('Home Assistant', port, running, 120_000);
    return running;
  };
  let running = await begin();
  let earlier = '';
  const end = async (): Promise<void> => {
    await running.stop(30_000);
  };
  const token = await signIn(url, folder);
  const connect = (): Promise<Connection> =>
    createConnection({ auth: createLongLivedTokenAuth(url, token), setupRetry: 5 });
  await keepHttpSettings(connect);
  await setUpMqtt(url, token, mqttPort);
  return {
    url,
    token,
    get running() {
      return running;
    },
    connect,
    log: () => earlier + running.output(),
    end,
    start: async () => {
      earlier += running.output();
      running = await begin();
    },
    stop: end,
  };
}

/** What a home starts with. */
export const CONFIGURATION = `# Made for tests and for clicking through.
homeassistant:
  name: Lab
  country: GB
  unit_system: metric
  time_zone: UTC
http: !include http.yaml
assist_pipeline:
config:
conversation:
diagnostics:
frontend:
history:
logbook:
media_source:
recorder:
search:
system_health:
system_log:
logger:
  default: warning
`;

async function hass(folder: string): Promise<Running> {
  const own = process.env.HOMEASSISTANT;
  if (own !== undefined) return run(own, ['--config', folder, '--skip-pip']);
  const root = (await runToEnd(BUILD, [SERIES])).trim().split('\n').at(-1) as string;
  // Mounts of a namespace of its own: gone when the process is.
  const script = [
    `mount --bind /proc ${root}/proc`,
    `mount --bind /dev ${root}/dev`,
    `mount --bind ${folder} ${root}/config`,
    `exec chroot ${root} /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/opt/homeassistant/bin:/usr/bin:/bin \
      /opt/homeassistant/bin/hass --config /config --skip-pip`,
  ].join(' && ');
  return run('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script]);
}

/** A token for `dev`, who is created when this is the first start. */
async function signIn(url: string, folder: string): Promise<string> {
  const file = path.join(folder, 'dev-token');
  if (existsSync(file)) {
    const token = await readFile(file, 'utf8');
    // Ended too soon after its first start, Home Assistant has not kept it.
    if ((await fetch(`${url}/api/`, { headers: bearer(token) })).ok) return token;
  }
  const client_id = `${url}/`;
  const person = { name: USER.name, username: USER.name, password: USER.password, language: 'en' };
  const { auth_code } = (await eventually('onboarding', () =>
    post(`${url}/api/onboarding/users`, { client_id, ...person }),
  )) as { auth_code: string };
  const form = new URLSearchParams({ grant_type: 'authorization_code', code: auth_code, client_id });
  const answer = await fetch(`${url}/auth/token`, { method: 'POST', body: form });
  const { access_token } = (await answer.json()) as { access_token: string };
  for (const step of ['core_config', 'analytics', 'integration']) {
    await post(
      `${url}/api/onboarding/${step}`,
      { client_id, redirect_uri: `${url}/?auth_callback=1` },
      access_token,
    );
  }
  const connection = await createConnection({ auth: createLongLivedTokenAuth(url, access_token) });
  const token = await connection.sendMessagePromise<string>({
    type: 'auth/long_lived_access_token',
    client_name: 'Labkeeper tests',
    lifespan: 365,
  });
  connection.close();
  await writeFile(file, token, { mode: 0o600 });
  return token;
}

/** New address and port are on trial for five minutes, then Home Assistant restarts with the old ones. */
async function keepHttpSettings(connect: () => Promise<Connection>): Promise<void> {
  const connection = await connect();
  const { active_config_type } = await connection.sendMessagePromise<{ active_config_type: string }>({
    type: 'http/config',
  });
  if (active_config_type === 'pending') await connection.sendMessagePromise({ type: 'http/config/promote' });
  connection.close();
}

async function setUpMqtt(url: string, token: string, port: number): Promise<void> {
  const entries = await fetch(`${url}/api/config/config_entries/entry?domain=mqtt`, {
    headers: bearer(token),
  });
  if (((await entries.json()) as unknown[]).length > 0) return;
  const flows = `${url}/api/config/config_entries/flow`;
  let step = (await post(flows, { handler: 'mqtt' }, token)) as {
    type: string;
    flow_id: string;
    step_id?: string;
  };
  if (step.type === 'menu') {
    step = (await post(`${flows}/${step.flow_id}`, { next_step_id: 'broker' }, token)) as typeof step;
  }
  const other_settings = { set_client_cert: false, set_ca_cert: 'off' };
  let result = step;
  // What Home Assistant proposes first; an embedded broker knows only the older one.
  for (const protocol of ['5', '3.1.1']) {
    if (result.type === 'create_entry') break;
    const broker = { broker: '127.0.0.1', port, protocol, other_settings };
    result = (await post(`${flows}/${step.flow_id}`, broker, token)) as typeof step;
  }
  if (result.type !== 'create_entry') throw new Error(`MQTT cannot be set up: ${JSON.stringify(result)}`);
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function post(url: string, body: object, token?: string): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && bearer(token)) },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${text}`);
  return JSON.parse(text);
}
