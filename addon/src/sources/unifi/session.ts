import { networkInterfaces } from 'node:os';
import type { Capabilities } from '../../contract/capabilities.ts';
import type { PollTask, Session, SourceContext, SourceEvent } from '../../contract/source.ts';
import { pause } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { UnifiClient } from './client.ts';
import { addressAmong, wantedBy } from './clients.ts';
import type { UnifiOptions } from './config.ts';
import { type Control, controlOf } from './control.ts';
import { eventOf, pushOf, Teller } from './events.ts';
import { siteId } from './keys.ts';
import { doubledIn } from './networks.ts';
import { Picture } from './picture.ts';
import { QrCodes } from './qr.ts';
import { logEventOf } from './system-log.ts';
import type { ClientRow, DeviceRow, EventRow, LogRow, NetworkRow, ProfileRow, WlanRow } from './wire.ts';

/** Addresses of this machine, or of the container that it is. */
const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).flatMap(({ address, internal }) => (internal ? [] : [address])),
  );

const SOON_MS = 500;
const STABLE_MS = 30_000;
const AGAIN_MS = 2_000;

/** One site of a controller. */
export class UnifiSession implements Session {
  readonly watches = [];
  readonly capabilities: Partial<Capabilities>;
  readonly tasks: readonly PollTask[];

  readonly #client: UnifiClient;
  readonly #context: SourceContext;
  readonly #picture: Picture;
  readonly #control: Control;
  readonly #tracksClients: boolean;
  readonly #closed = new AbortController();
  readonly #eventTeller: Teller;
  readonly #alarmTeller: Teller;
  readonly #waiting = new Set<string>();
  #hasSystemLog = false;
  #isIdentified = false;
  /** Each is said once. */
  readonly #said = new Set<string>();

  constructor(options: UnifiOptions, context: SourceContext) {
    const { owner, clock, meter, log } = context;
    const { clients: patterns = [], qr_codes: codes = [] } = options;
    this.#client = new UnifiClient(options, owner, clock, meter);
    this.#context = context;
    this.#picture = new Picture(
      owner,
      context.title,
      this.#client.url,
      wantedBy(patterns),
      new QrCodes(codes),
    );
    this.#eventTeller = new Teller(context.memory, 'events_told');
    this.#alarmTeller = new Teller(context.memory, 'alarms_told');
    this.#tracksClients = patterns.length > 0;
    if (options.verify_tls === false) {
      log.warn(
        'the certificate is not verified: anyone on the way can read the credentials. Set fingerprint or ca',
      );
    }
    const picture = this.#picture;
    this.#control = controlOf({
      ...{ client: this.#client, clock, log, memory: context.memory, name: owner },
      rollCall: () => context.rollCall(),
      ownAddresses,
      look: async (signal) => {
        await this.#readDevices(signal);
        return picture.devices;
      },
      clientsNow: async (signal) => {
        await this.#readClients(signal);
        return picture.clients ?? [];
      },
      everybody: async (signal) => (await this.#client.find<ClientRow>('rest/user', signal)) ?? [],
      networksNow: (signal) => this.#now('networks', 'rest/networkconf', signal),
      wlansNow: (signal) => this.#now('wlans', 'rest/wlanconf', signal),
      profilesNow: (signal) => this.#now('profiles', 'rest/portconf', signal),
      deviceOf: (id) => picture.deviceOf(id),
      networkOf: (id) => picture.networkOf(id),
      wlanOf: (id) => picture.wlanOf(id),
      devices: () => picture.devices,
    });
    this.capabilities = {
      network: this.#control,
      neighbours: {
        addressOf: async (_, macs, signal) => {
          await this.#readClients(signal);
          return addressAmong(picture.clients ?? [], macs);
        },
      },
    };
    this.tasks = [
      {
        ...{ name: 'its devices', tier: 'fast', everySeconds: 30, vital: true },
        run: async (signal) => {
          await this.#readDevices(signal);
          // It waits for a change that goes on, which looks at the devices itself.
          void this.#control.settle(this.#closed.signal).catch(() => {});
        },
      },
      { name: 'its clients', tier: 'slow', everySeconds: 60, run: (signal) => this.#readClients(signal) },
      {
        ...{ name: 'its configuration', tier: 'rare', everySeconds: 600 },
        run: (signal) => this.#readConfiguration(signal),
      },
      { name: 'its log', tier: 'slow', everySeconds: 300, run: (signal) => this.#readLog(signal) },
      // Never over while all is well: it ends by being lost, and is begun again soon.
      {
        ...{ name: 'its events', tier: 'fast', everySeconds: 5, endless: true },
        run: (signal) => this.#listen(signal),
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
    const { uuid, server_version: version } = await this.#client.status(signal);
    this.#picture.version = version;
    this.#picture.controls = !this.#client.isReader;
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
    if (this.#tracksClients) {
      picture.remembered((await read<ClientRow>('rest/user')) ?? [], this.#context.clock.now());
    }
    for (const name of doubledIn({ networks: picture.networks ?? [], wlans: picture.wlans ?? [] })) {
      this.#say(
        `there are two of “${name}” in one VLAN: one of them is known by the controller’s own id, and will be ` +
          'another one after a move to another controller',
      );
    }
    this.#publish();
  }

  /** Reads a list of the configuration for a change, which takes no old one for it; empty where there is none. */
  async #now<L extends 'networks' | 'wlans' | 'profiles'>(
    list: L,
    path: string,
    signal: AbortSignal,
  ): Promise<NonNullable<Picture[L]>> {
    const rows = ((await this.#client.find(path, signal)) ?? []) as NonNullable<Picture[L]>;
    this.#picture[list] = rows;
    this.#publish();
    return rows;
  }

  /** What the controller told while nobody listened; and which alarms there are. */
  async #readLog(signal: AbortSignal): Promise<void> {
    const read = (path: string): Promise<readonly EventRow[] | undefined> =>
      this.#part(signal, () => this.#client.find<EventRow>(path, signal));
    const alarms = (await read('stat/alarm'))?.filter(({ archived }) => archived !== true);
    const events = await read('stat/event?_limit=100');
    this.#picture.alarms = alarms?.length;
    this.#tell(this.#alarmTeller, alarms ?? [], (row) => eventOf(row, true));
    this.#tell(this.#eventTeller, events ?? [], eventOf);
    if (events === undefined) await this.#readSystemLog(signal);
    this.#publish();
  }

  /** Newer controllers have it in place of events and alarms. */
  async #readSystemLog(signal: AbortSignal): Promise<void> {
    const read = (which: 'all' | 'critical'): Promise<readonly LogRow[] | undefined> =>
      this.#part(signal, () => this.#client.log<LogRow>(which, 100, signal));
    const entries = await read('all');
    this.#hasSystemLog = entries !== undefined;
    this.#tell(this.#eventTeller, entries ?? [], logEventOf);
    const critical = await read('critical');
    this.#picture.alarms ??= critical?.filter(({ status }) => status === 'NEW').length;
  }

  #tell<T extends EventRow & LogRow>(
    teller: Teller,
    rows: readonly T[],
    shown: (row: T) => SourceEvent | undefined,
  ): void {
    for (const row of teller.news(rows, this.#context.clock.now())) {
      const event = shown(row);
      if (event !== undefined) this.#context.emit(siteId(this.#picture.owner), 'log', event);
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    for (;;) {
      let since = Number.POSITIVE_INFINITY;
      try {
        await this.#client.listen(
          signal,
          () => {
            since = clock.elapsed();
            // What happened until now is read once more, since nobody listened.
            void this.#readDevices(signal).catch(() => {});
          },
          (text) => this.#heard(text, signal),
        );
      } catch (thrown) {
        // One that stood for a while may be cut by anything in between; the polls fill the gap.
        if (signal.aborted || clock.elapsed() - since < STABLE_MS || since === Number.POSITIVE_INFINITY)
          throw thrown;
        log.debug(asLabError(thrown).message);
      }
      await pause(clock, AGAIN_MS, signal);
    }
  }

  #heard(text: string, signal: AbortSignal): void {
    const push = pushOf(text);
    const now = this.#context.clock.now();
    if (push === undefined) return;
    const { message, data } = push;
    if (message === 'device:sync' || message === 'device:update') {
      if (!this.#picture.heardOf(data, now)) this.#soon('devices', () => this.#readDevices(signal));
    } else if (message === 'sta:sync') this.#picture.heardOfClients(data);
    else if (message === 'events' || message === 'event') {
      for (const { key = '', user, guest } of data as readonly EventRow[]) {
        if (/_Disconnected$/.test(key)) this.#picture.left(user ?? guest);
      }
      // What stands in a log of the other form would be told once more from there.
      if (this.#hasSystemLog && (data as readonly EventRow[]).some((row) => eventOf(row) !== undefined))
        this.#soon('log', () => this.#readLog(signal));
      else if (!this.#hasSystemLog) this.#tell(this.#eventTeller, data as readonly EventRow[], eventOf);
    } else if (/^(alarm|evt)/.test(message)) this.#soon('log', () => this.#readLog(signal));
    else if (/^(wlanconf|networkconf|portconf):/.test(message)) {
      this.#soon('configuration', () => this.#readConfiguration(signal));
    } else return;
    this.#soon('publish', () => Promise.resolve(this.#publish()));
  }

  /** Does something a moment later, once, however often it is asked for: pushes come in swarms. */
  #soon(what: string, run: () => Promise<unknown>): void {
    if (this.#waiting.has(what)) return;
    this.#waiting.add(what);
    this.#context.clock.after(SOON_MS, () => {
      this.#waiting.delete(what);
      if (!this.#closed.signal.aborted) void run().catch(() => {});
    });
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
