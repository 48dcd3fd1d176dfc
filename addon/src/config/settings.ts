import { existsSync, readFileSync } from 'node:fs';
import { LabError } from '../core/errors.ts';

/** Where the app finds its things; from the environment, since it must be known before the options are read. */
export interface Settings {
  /** undefined: no options, no systems. */
  readonly optionsFile: string | undefined;
  /** Folder for what has to survive a restart. */
  readonly dataFolder: string;
  /** Folder of the files that people write beside the options; undefined: there is none. */
  readonly configFolder?: string | undefined;
  /** Address that the page, the API and the voice listen on. */
  readonly host: string;
  /** Port of the embedded broker. */
  readonly mqttPort: number;
  /** Port of the page and the API. */
  readonly httpPort: number;
  /** Port of the voice. */
  readonly wyomingPort: number;
  /** Takes the place of the option `mqtt.password`. */
  readonly mqttPassword: string | undefined;
  /** What the Supervisor lets us in with; undefined without a Supervisor. */
  readonly supervisorToken: string | undefined;
  /** UUID of the machine under us, where only whoever started us may read it. */
  readonly smbios?: string | undefined;
  /** Whoever is on this machine may use the page without a token: `LABKEEPER_OPEN=loopback`, for the demo. */
  readonly openOnLoopback: boolean;
}

/** Where the Supervisor puts an app's options. */
const ADDON_OPTIONS = '/data/options.json';

/**
 * Reads the settings. An empty variable counts as none: that is how Compose passes on what is not set.
 *
 * @throws LabError `options_invalid` with all that is wrong, a line each
 */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const given = (name: string): string | undefined => environment[name] || undefined;

  const port = (name: string, otherwise: number): number => {
    const text = given(name);
    if (text === undefined) return otherwise;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    problems.push(`${name}: “${text}” is no port`);
    return otherwise;
  };

  const secret = (name: string): string | undefined => {
    const file = given(`${name}_FILE`);
    if (file === undefined) return given(name);
    if (given(name) !== undefined) problems.push(`${name}: is set together with ${name}_FILE; remove one`);
    try {
      const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (text === '') problems.push(`${name}_FILE: ${file} is empty`);
      return text;
    } catch (cause) {
      problems.push(`${name}_FILE: cannot read ${file}: ${(cause as Error).message}`);
      return undefined;
    }
  };

  const supervisorToken = given('SUPERVISOR_TOKEN');
  const addon = supervisorToken !== undefined;
  const settings: Settings = {
    optionsFile:
      given('LABKEEPER_OPTIONS') ?? (addon && existsSync(ADDON_OPTIONS) ? ADDON_OPTIONS : undefined),
    dataFolder: given('LABKEEPER_DATA') ?? (addon ? '/data' : './data'),
    configFolder: given('LABKEEPER_CONFIG') ?? (addon ? '/config' : undefined),
    // Ingress comes from outside of the app's container.
    host: given('LABKEEPER_HOST') ?? (addon ? '0.0.0.0' : '127.0.0.1'),
    mqttPort: port('LABKEEPER_MQTT_PORT', 1883),
    httpPort: port('LABKEEPER_HTTP_PORT', 8099),
    wyomingPort: port('LABKEEPER_WYOMING_PORT', 10_200),
    mqttPassword: secret('LABKEEPER_MQTT_PASSWORD'),
    supervisorToken,
    smbios: given('LABKEEPER_SMBIOS'),
    openOnLoopback: given('LABKEEPER_OPEN') === 'loopback',
  };
  if (problems.length > 0) throw new LabError('options_invalid', problems.join('\n'));
  return settings;
}
