import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PULSE_SECRET, startDemoLab } from './lab.ts';

const APP = fileURLToPath(new URL('../../addon/src/main.ts', import.meta.url));

const host = process.env.LABKEEPER_HOST || '127.0.0.1';
const mqttPort = process.env.LABKEEPER_MQTT_PORT || '1883';
const httpPort = process.env.LABKEEPER_HTTP_PORT || '8099';
/** Beside that of a Wyoming server which may be there already. */
const wyomingPort = process.env.LABKEEPER_WYOMING_PORT || '10210';
const loopback = host === '127.0.0.1' || host === 'localhost' || host === '::1';
/** Where others reach the broker, it asks who they are. */
const guard = loopback
  ? undefined
  : { listen: host, username: 'demo', password: randomBytes(9).toString('base64url') };

const NOTE = `
This is Labkeeper's demo: the lab that it shows is simulated, nothing real is touched.

  MQTT broker   mqtt://${host}:${mqttPort}${guard ? `   user ${guard.username}, password ${guard.password}` : ''}
  Web page      http://127.0.0.1:${httpPort}
  Voice         ${host}, port ${wyomingPort}, for Home Assistant's Wyoming integration

To see the lab in Home Assistant, connect it to this broker: Settings > Devices & services > Add integration > MQTT,
with protocol 3.1.1, the one that this broker speaks.
${loopback ? 'From another machine it is reached after a start with LABKEEPER_HOST=0.0.0.0.\n' : ''}
With LABKEEPER_OPTIONS=<file> Labkeeper starts with your own lab. Ctrl+C ends it.
`;

let child: ChildProcess | undefined;
let asked = false;

// Before anything is started: whoever ends the demo early must not leave half of it behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    asked = true;
    // A closed terminal would kill the app before it could say goodbye.
    child?.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  });
}

process.exit(await runDemo());

/** @returns what the app exited with */
async function runDemo(): Promise<number> {
  console.log(NOTE);
  const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-demo-'));
  const lab = await startDemoLab();
  lab.pulse.webhook = { url: `http://127.0.0.1:${httpPort}/hooks/pulse/lab/${PULSE_SECRET}` };
  try {
    const options = path.join(folder, 'options.json');
    // This machine is no part of the simulated lab.
    // Nor is there anything to lose in it: all of it may be tried.
    const all = { ...(guard && { mqtt: guard }), self: 'none', allow: 'destroy', ...lab.systems };
    await writeFile(options, JSON.stringify(all, null, 2));
    return asked
      ? 0
      : await runApp({
          LABKEEPER_OPTIONS: options,
          LABKEEPER_DATA: path.join(folder, 'data'),
          LABKEEPER_CONFIG: process.env.LABKEEPER_CONFIG || folder,
          LABKEEPER_OPEN: 'loopback',
          LABKEEPER_WYOMING_PORT: wyomingPort,
        });
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runApp(settings: Readonly<Record<string, string>>): Promise<number> {
  child = spawn(process.execPath, [APP], { stdio: 'inherit', env: { ...process.env, ...settings } });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  // Told to end before it could listen for that, it ends all the same.
  if (asked && signal !== null) return 0;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
