import { readFileSync } from 'node:fs';
import type { Options } from '../config/options.ts';
import type { Settings } from '../config/settings.ts';
import { LabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { BrokerAddress } from '../mqtt/connection.ts';
import { credentialsOf, startEmbeddedBroker } from '../mqtt/embedded-broker.ts';
import type { SupervisorLink } from './supervisor.ts';

/** The broker to talk to. */
export interface Broker {
  /** undefined: Home Assistant's, which is not known yet. */
  readonly address: BrokerAddress | undefined;
  /** Tells `take` of each address that comes later. */
  follow(take: (address: BrokerAddress) => void): void;
  /** It does not answer there, or refuses us: it may be another by now. */
  doubt(): void;
  /** Ends it, if it is one of our own. */
  close(): Promise<void>;
}

/**
 * The broker that the options name; without one, the one that Home Assistant offers its apps; without a Supervisor, or
 * where the options say where it shall listen, one of our own, which is started.
 *
 * @throws LabError `options_invalid` when the file of `mqtt.ca` cannot be read; `port_taken`
 */
export async function brokerOf(
  mqtt: NonNullable<Options['mqtt']>,
  settings: Pick<Settings, 'mqttPort'>,
  log: Log,
  supervisor?: Pick<SupervisorLink, 'followBroker'>,
): Promise<Broker> {
  const { host, username, password, ca, tls = false } = mqtt;
  const user = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
  const authority = ca === undefined ? {} : { ca: readAuthority(ca) };
  if (host !== undefined) {
    const port = mqtt.port ?? (tls ? 8883 : 1883);
    return fixed({ host, port, tls, ...user, ...authority });
  }
  if (supervisor !== undefined && mqtt.listen === undefined) {
    let look = (): void => {};
    return {
      address: undefined,
      follow: (take) => {
        look = supervisor.followBroker((broker) => take({ ...broker, ...authority }));
      },
      doubt: () => look(),
      close: async () => {},
    };
  }
  const listen = mqtt.listen ?? '127.0.0.1';
  const own = await startEmbeddedBroker({
    host: listen,
    port: settings.mqttPort,
    credentials: credentialsOf(mqtt),
    log,
  });
  log.info(`our own broker listens on ${listen}:${own.port}`);
  return fixed({ host: own.host, port: own.port, tls: false, ...user }, () => own.close());
}

const fixed = (address: BrokerAddress, close: Broker['close'] = async () => {}): Broker => ({
  address,
  follow: () => {},
  doubt: () => {},
  close,
});

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LabError('options_invalid', `mqtt.ca: cannot read ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
