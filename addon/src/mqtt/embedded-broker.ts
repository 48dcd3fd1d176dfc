import { once } from 'node:events';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { LabError } from '../core/errors.ts';

export interface EmbeddedBroker {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A small MQTT 3.1.1 broker in this process, for where there is no other. It keeps retained messages in memory only.
 *
 * @param port 0 takes any free one
 * @throws LabError `port_taken`
 */
export async function startEmbeddedBroker(host: string, port: number): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle);
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    // Its timers would keep the process alive.
    aedes.close();
    throw explain(cause as NodeJS.ErrnoException, host, port);
  }
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      await closed;
    },
  };
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code !== 'EADDRINUSE') return cause;
  return new LabError('port_taken', `port ${port} of ${host} is taken, the broker cannot listen there`, {
    hint: 'stop what uses it, set LABKEEPER_MQTT_PORT to another one, or set mqtt.host to use a broker that you have',
    cause,
  });
}
