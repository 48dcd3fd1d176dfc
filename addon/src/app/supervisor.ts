import { hostname } from 'node:os';
import type { Settings } from '../config/settings.ts';
import type { Memory } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Secrets } from '../core/secrets.ts';
import type { OfferedMqtt } from '../homeassistant/supervisor.ts';
import { API_VERSION } from '../http/routes/status.ts';

/** Its name within Home Assistant's own network. */
export const SUPERVISOR = 'http://supervisor';

/** What the offer of our voice is known by there. */
const VOICE = 'discovery';

/** The Supervisor, as far as the parts of the app need it. */
export interface SupervisorLink {
  /** Tells `take` of Home Assistant's broker, whenever it is another. @returns looks again */
  followBroker(take: (broker: OfferedMqtt) => void): () => void;
  /** Has Home Assistant offer to set up our integration. @param id which Labkeeper this is */
  announce(version: string, token: string, id: string): void;
  /**
   * Has Home Assistant offer to set up our voice.
   *
   * @param port undefined: there is none, and one that was offered before is not offered any more
   * @param memory keeps over restarts what was offered
   */
  offerVoice(port: number | undefined, memory: Memory): void;
  close(): Promise<void>;
}

export interface SupervisorLinkParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  /** Where it is, if not where it always is. */
  readonly url?: string;
}

/** The way to the Supervisor, its code loaded only where there is one. */
export async function supervisorOf(
  { supervisorToken: token, httpPort }: Pick<Settings, 'supervisorToken' | 'httpPort'>,
  { clock, log, secrets, url = SUPERVISOR }: SupervisorLinkParts,
): Promise<SupervisorLink | undefined> {
  if (token === undefined) return undefined;
  secrets.add(token);
  const [{ Supervisor }, { OfferedBroker }, { persist }] = await Promise.all([
    import('../homeassistant/supervisor.ts'),
    import('../homeassistant/offered-broker.ts'),
    import('../homeassistant/persist.ts'),
  ]);
  const supervisor = new Supervisor({ url, token, clock });
  const stop = new AbortController();
  const { signal } = stop;
  const parts = { clock, log, random: Math.random };
  /** What was asked for last; the one before it is over by then. */
  let voice: { readonly port: number | undefined; readonly told: Promise<unknown> } | undefined;
  return {
    followBroker: (tell) => {
      const take = (broker: OfferedMqtt): void => {
        if (broker.password !== undefined) secrets.add(broker.password);
        tell(broker);
      };
      const offered = new OfferedBroker({ ...parts, supervisor, take });
      signal.addEventListener('abort', () => offered.close());
      offered.look();
      return () => offered.look();
    },
    announce: (version, labkeeperToken, id) => {
      // What it knows already it does not pass on: with the version in it, it does after each update.
      const way = { host: hostname(), port: httpPort, token: labkeeperToken };
      const config = { ...way, id, version, api: API_VERSION };
      const say = async (): Promise<true> => {
        await supervisor.announce('labkeeper', config, signal);
        return true;
      };
      void persist(say, '', { ...parts, signal });
    },
    offerVoice: (port, memory) => {
      if (voice !== undefined && voice.port === port) return;
      const say = async (): Promise<true> => {
        const offered = memory.get(VOICE) || undefined;
        if (port !== undefined) {
          const uri = `tcp://${hostname()}:${port}`;
          memory.put(VOICE, await supervisor.announce('wyoming', { uri }, signal), true);
        } else if (offered !== undefined) {
          await supervisor.withdraw(offered, signal);
          memory.put(VOICE, '', true);
        }
        return true;
      };
      const before = voice?.told;
      voice = { port, told: Promise.resolve(before).then(() => persist(say, '', { ...parts, signal })) };
    },
    close: async () => {
      stop.abort();
      await supervisor.close();
    },
  };
}
