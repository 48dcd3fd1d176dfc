import { readFileSync } from 'node:fs';
import type { Options } from '../config/options.ts';
import type { Settings } from '../config/settings.ts';
import { LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { BrokerAddress } from '../mqtt/connection.ts';
import { credentialsOf, startEmbeddedBroker } from '../mqtt/embedded-broker.ts';

/** The broker to talk to. */
export interface Broker {
  readonly address: BrokerAddress;
  /** Ends it, if it is one of our own. */
  close(): Promise<void>;
}

/**
 * The broker that the options name; without one, starts one of our own.
 *
 * @throws LabError `options_invalid` when the file of `mqtt.ca` cannot be read; `port_taken`
 */
export async function brokerOf(
  mqtt: NonNullable<Options['mqtt']>,
  settings: Pick<Settings, 'mqttPort'>,
  log: Log,
): Promise<Broker> {
  const { host, username, password, ca, tls = false } = mqtt;
  const user = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
  if (host !== undefined) {
    const port = mqtt.port ?? (tls ? 8883 : 1883);
    const authority = ca === undefined ? {} : { ca: readAuthority(ca) };
    return { address: { host, port, tls, ...user, ...authority }, close: async () => {} };
  }
  const listen = mqtt.listen ?? '127.0.0.1';
  const own = await startEmbeddedBroker({
    host: listen,
    port: settings.mqttPort,
    credentials: credentialsOf(mqtt),
    log,
  });
  log.info(`our own broker listens on ${listen}:${own.port}`);
  return {
    address: { host: own.host, port: own.port, tls: false, ...user },
    close: () => own.close(),
  };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LabError('options_invalid', `mqtt.ca: cannot read ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
