import { existsSync } from 'node:fs';
import { LabError } from '../core/errors.ts';

/** Where the app finds its things; from the environment, since it must be known before the options are read. */
export interface Settings {
  /** undefined: no options, no systems. */
  readonly optionsFile: string | undefined;
  /** Folder for what has to survive a restart. */
  readonly dataFolder: string;
  /** Address to listen on. */
  readonly host: string;
  /** Port of the embedded broker. */
  readonly mqttPort: number;
}

/** Where the Supervisor puts an app's options. */
const ADDON_OPTIONS = '/data/options.json';

/** @throws LabError `options_invalid` */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings {
  const addon = environment.SUPERVISOR_TOKEN !== undefined;
  const given = environment.LABKEEPER_OPTIONS;
  return {
    optionsFile: given ?? (addon && existsSync(ADDON_OPTIONS) ? ADDON_OPTIONS : undefined),
    dataFolder: environment.LABKEEPER_DATA ?? (addon ? '/data' : './data'),
    host: environment.LABKEEPER_HOST ?? '127.0.0.1',
    mqttPort: portOf('LABKEEPER_MQTT_PORT', environment.LABKEEPER_MQTT_PORT, 1883),
  };
}

function portOf(name: string, given: string | undefined, otherwise: number): number {
  if (given === undefined || given === '') return otherwise;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LabError('options_invalid', `${name}: “${given}” is no port`);
}
