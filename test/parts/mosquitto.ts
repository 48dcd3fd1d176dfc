import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type Restartable, run, runToEnd, untilListening } from './process.ts';

export interface Mosquitto extends Restartable {
  readonly port: number;
  /** Loses what was retained; only while it is ended. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

export interface MosquittoOptions {
  /** A port of another broker that it is bridged to, as `docs` describes for a site of its own. */
  readonly bridgedTo?: { readonly port: number; readonly site: string };
  /** Another address of this machine to listen on as well, for who may log in. */
  readonly guarded?: { readonly address: string; readonly username: string; readonly password: string };
}

/** Starts Debian's broker on loopback. It keeps retained messages over `end` and `start`. */
export async function startMosquitto({ guarded, bridgedTo }: MosquittoOptions = {}): Promise<Mosquitto> {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'mosquitto-'));
  const config = path.join(folder, 'mosquitto.conf');
  const lines = ['per_listener_settings true', 'persistence true', `persistence_location ${folder}/`];
  lines.push('user root', `listener ${port} 127.0.0.1`, 'allow_anonymous true');
  if (guarded !== undefined) {
    const { address, username, password } = guarded;
    const logins = path.join(folder, 'logins');
    await runToEnd('mosquitto_passwd', ['-b', '-c', logins, username, password]);
    lines.push(`listener ${port} ${address}`, 'allow_anonymous false', `password_file ${logins}`);
  }
  if (bridgedTo !== undefined) {
    const base = `labkeeper-${bridgedTo.site}`;
    lines.push('connection home', `address 127.0.0.1:${bridgedTo.port}`, `remote_clientid ${base}-bridge`);
    lines.push('bridge_protocol_version mqttv311', 'restart_timeout 1', 'cleansession false');
    lines.push(`topic ${base}/# both 1`, 'topic homeassistant/device/+/config both 1');
    lines.push('topic homeassistant/status in 1');
    // Not among the topics that are bridged: what is said on this side would be passed on late.
    lines.push(`notification_topic link/${bridgedTo.site}`, 'notifications_local_only false');
  }
  await writeFile(config, `${lines.join('\n')}\n`);
  const begin = async () => {
    const running = run('mosquitto', ['-c', config], { env: { PATH: `${process.env.PATH}:/usr/sbin` } });
    await untilListening('mosquitto (apt-get install mosquitto)', port, running, 10_000);
    return running;
  };
  let running = await begin();
  return {
    port,
    get running() {
      return running;
    },
    end: () => running.stop(),
    start: async () => {
      running = await begin();
    },
    forget: () => rm(path.join(folder, 'mosquitto.db')),
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
}
