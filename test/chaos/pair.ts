import { setTimeout as sleep } from 'node:timers/promises';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { Retained } from '../parts/retained.ts';
import { within } from './course.ts';
import { type FaultyLab, startFaultyLab } from './lab.ts';
import { differences } from './oracle.ts';

/** An app on a broker of its own. */
export interface Side {
  readonly app: Labkeeper;
  readonly mosquitto: Mosquitto;
  readonly broker: Retained;
  /** The app's options with these systems. */
  options(systems: object): object;
  /** Every message that went over the broker, as `topic payload`: to look for secrets in. */
  heard(): string;
}

/** Two apps that look at one lab: `tried` by ways on which things go wrong, `reference` straight. */
export interface Pair {
  readonly lab: FaultyLab;
  readonly tried: Side;
  readonly reference: Side;
  stop(): Promise<void>;
}

/** @param chance from 0 to below 1 */
export async function startPair(chance: () => number): Promise<Pair> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };
  const side = async (systems: object): Promise<Side> => {
    const mosquitto = await startMosquitto();
    started.push(() => mosquitto.stop());
    const broker = await Retained.of(mosquitto.port);
    started.push(() => broker.close());
    const messages = new Set<string>();
    broker.client.on('message', (topic, payload) => void messages.add(`${topic} ${payload}`));
    const mqtt = { host: '127.0.0.1', port: mosquitto.port };
    const options = (given: object): object => ({ mqtt, self: 'none', ...given });
    const app = await startLabkeeper(options(systems));
    started.push(() => app.stop());
    return { app, mosquitto, broker, options, heard: () => [...messages].join('\n') };
  };
  try {
    const lab = await startFaultyLab(chance);
    started.push(() => lab.stop());
    return { lab, tried: await side(lab.byWays), reference: await side(lab.straight), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Seconds until both apps have read everything: some of it they read only a minute after a start. */
const BEGINNING = 180;
const LATE_MS = 75_000;

/** Waits until both apps have read everything. @throws Error where they do not come to say the same */
export async function beginning(pair: Pair): Promise<void> {
  await sleep(LATE_MS);
  if ((await within(BEGINNING, () => differences(pair).length === 0)) !== undefined) return;
  const log = pair.tried.app.running.output();
  throw new Error(`the two apps differ from the start:\n${differences(pair).join('\n')}\n${log}`);
}
