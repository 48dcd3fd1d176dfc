import type { Capabilities } from '../../contract/capabilities.ts';
import { type Clock, pause } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { RedfishClient } from './client.ts';
import { isOn } from './map.ts';
import type { System } from './wire.ts';

/** A system may take its time to end everything that runs on it, guests above all. */
const SHUTDOWN_MS = 600_000;
const SWITCH_MS = 120_000;
const LOOK_MS = 5_000;

/** What commands need of a session. */
export interface Panel {
  readonly client: RedfishClient;
  readonly clock: Clock;
  readonly name: string;
  /** Reads the system now, and shows what it found. */
  look(signal: AbortSignal): Promise<System>;
}

/** Switching a server and its light, by `ComputerSystem.Reset` and the properties of the system. */
export function controlOf(panel: Panel): Capabilities['server'] {
  return {
    switchOn: (_, signal) => reset(panel, 'On', true, SWITCH_MS, signal),
    shutDown: (_, signal) => reset(panel, 'GracefulShutdown', false, SHUTDOWN_MS, signal),
    forceOff: (_, signal) => reset(panel, 'ForceOff', false, SWITCH_MS, signal),
    identify: (_, light, signal) => identify(panel, light, signal),
  };
}

async function reset(
  panel: Panel,
  type: 'On' | 'GracefulShutdown' | 'ForceOff',
  wished: boolean,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const { client, name } = panel;
  const system = await beforeSending(panel, signal);
  if (isOn(system) === wished) return;
  const action = system.Actions?.['#ComputerSystem.Reset'];
  const offered = action?.['ResetType@Redfish.AllowableValues'];
  if (action?.target === undefined || offered?.includes(type) === false) {
    throw new LabError('target_unsuitable', `${name}: the controller does not offer ${type}`);
  }
  await client.post(action.target, { ResetType: type }, signal);
  await becomes(panel, wished, ms, signal);
}

/** Whatever goes wrong until here, nothing was sent: it is certain that nothing happened. */
async function beforeSending(panel: Panel, signal: AbortSignal): Promise<System> {
  try {
    return await panel.look(signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const { code, message, hint } = asLabError(thrown);
    if (code !== 'unreachable' && code !== 'deadline_passed') throw thrown;
    throw new LabError('source_failed', `${message}; nothing was sent`, {
      ...(hint !== undefined && { hint }),
      cause: thrown,
    });
  }
}

async function becomes(panel: Panel, wished: boolean, ms: number, signal: AbortSignal): Promise<void> {
  const { clock, name } = panel;
  const end = clock.elapsed() + ms;
  for (;;) {
    if ((await stateNow(panel, signal)) === wished) return;
    if (clock.elapsed() > end) {
      const hint = wished
        ? 'look at its console'
        : 'the system may ignore the power button, or wait for something: look at its console';
      throw new LabError('deadline_passed', `${name} is not ${wished ? 'on' : 'off'} after ${ms / 1_000} s`, {
        hint,
      });
    }
    await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
  }
}

/** null: nobody knows at present. */
async function stateNow({ look }: Panel, signal: AbortSignal): Promise<boolean | null> {
  try {
    return isOn(await look(signal));
  } catch (thrown) {
    if (signal.aborted || asLabError(thrown).next !== 'retry') throw thrown;
    return null;
  }
}

async function identify(panel: Panel, light: boolean, signal: AbortSignal): Promise<void> {
  const { client, name } = panel;
  const system = await beforeSending(panel, signal);
  const path = system['@odata.id'];
  const { LocationIndicatorActive: active, IndicatorLED: led } = system;
  if (path === undefined || (active == null && led == null)) {
    throw new LabError('target_unsuitable', `${name}: the controller offers no identify light`);
  }
  if (active != null) {
    await client.patch(path, { LocationIndicatorActive: light }, signal);
  } else if (light) {
    await client.patch(path, { IndicatorLED: 'Blinking' }, signal);
  } else {
    await lightOff(client, path, signal);
  }
  await panel.look(signal);
}

/** Some know no “off”: they are lit all the time unless they blink. */
async function lightOff(client: RedfishClient, path: string, signal: AbortSignal): Promise<void> {
  try {
    await client.patch(path, { IndicatorLED: 'Off' }, signal);
  } catch (thrown) {
    if (asLabError(thrown).code !== 'source_refused') throw thrown;
    await client.patch(path, { IndicatorLED: 'Lit' }, signal);
  }
}
