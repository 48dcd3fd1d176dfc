import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { UnifiClient } from './client.ts';
import { wantedBy } from './clients.ts';
import type { UnifiOptions } from './config.ts';
import { doubledIn } from './networks.ts';
import { Picture } from './picture.ts';
import type { ClientRow, DeviceRow, NetworkRow, ProfileRow, WlanRow } from './wire.ts';

/** One site of a controller. */
export class UnifiSession implements Session {
  readonly watches = [];
  readonly capabilities = {};
  readonly tasks: readonly PollTask[];

  readonly #client: UnifiClient;
  readonly #context: SourceContext;
  readonly #picture: Picture;
  readonly #tracksClients: boolean;
  readonly #closed = new AbortController();
  #isIdentified = false;
  /** Each is said once. */
  readonly #said = new Set<string>();

  constructor(options: UnifiOptions, context: SourceContext) {
    const { owner, clock, meter, log } = context;
    const { clients: patterns = [] } = options;
    this.#client = new UnifiClient(options, owner, clock, meter);
    this.#context = context;
    this.#picture = new Picture(owner, this.#client.url, wantedBy(patterns));
    this.#tracksClients = patterns.length > 0;
    if (options.verify_tls === false) {
      log.warn(
        'the certificate is not verified: anyone on the way can read the credentials. Set fingerprint or ca',
      );
    }
    this.tasks = [
      {
        ...{ name: 'its devices', tier: 'fast', everySeconds: 30, vital: true },
        run: (signal) => this.#readDevices(signal),
      },
      { name: 'its clients', tier: 'slow', everySeconds: 60, run: (signal) => this.#readClients(signal) },
      {
        ...{ name: 'its configuration', tier: 'rare', everySeconds: 600 },
        run: (signal) => this.#readConfiguration(signal),
      },
    ];
  }

  refresh(): void {
    void this.#readDevices(this.#closed.signal).catch(() => {});
  }

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    await this.#client.close();
  }

  async #readDevices(signal: AbortSignal): Promise<void> {
    await this.#identify(signal);
    const devices = await this.#client.list<DeviceRow>('stat/device', signal);
    this.#picture.saw(devices, this.#context.clock.now());
    this.#publish();
  }

  /** Which site of which controller it is. */
  async #identify(signal: AbortSignal): Promise<void> {
    if (this.#isIdentified) return;
    const site = await this.#client.site(signal);
    const uuid = await this.#client.uuid(signal);
    if (uuid !== undefined) this.#picture.owner = this.#context.identities.bind(`${uuid}/${site}`);
    this.#isIdentified = true;
  }

  async #readClients(signal: AbortSignal): Promise<void> {
    this.#picture.met(await this.#client.list<ClientRow>('stat/sta', signal));
    this.#publish();
  }

  async #readConfiguration(signal: AbortSignal): Promise<void> {
    const read = <T>(path: string): Promise<readonly T[] | undefined> =>
      this.#part(signal, () => this.#client.find<T>(path, signal));
    const picture = this.#picture;
    picture.networks = (await read<NetworkRow>('rest/networkconf')) ?? picture.networks;
    picture.wlans = (await read<WlanRow>('rest/wlanconf')) ?? picture.wlans;
    picture.profiles = (await read<ProfileRow>('rest/portconf')) ?? picture.profiles;
    // Only those who are away at the start are missed otherwise.
    if (this.#tracksClients) picture.remembered((await read<ClientRow>('rest/user')) ?? []);
    for (const name of doubledIn({ networks: picture.networks ?? [], wlans: picture.wlans ?? [] })) {
      this.#say(
        `there are two of “${name}” in one VLAN: one of them is known by the controller’s own id, and will be ` +
          'another one after a move to another controller',
      );
    }
    this.#publish();
  }

  /** Reads a part that the rest does not depend on: what the user may not see, or fails, is said once. */
  async #part<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (thrown) {
      const { code, message, hint } = asLabError(thrown);
      if (signal.aborted || !['privilege_missing', 'source_refused', 'source_failed'].includes(code))
        throw thrown;
      this.#say(hint === undefined ? message : `${message}; ${hint}`);
      return undefined;
    }
  }

  #say(message: string): void {
    this.#context.log[this.#said.has(message) ? 'debug' : 'warn'](message);
    this.#said.add(message);
  }

  #publish(): void {
    if (!this.#closed.signal.aborted) this.#context.publish(this.#picture.resources());
  }
}
