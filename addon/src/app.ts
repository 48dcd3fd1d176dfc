import { readFileSync } from 'node:fs';
import { Executor } from './actions/executor.ts';
import { loadOptions } from './config/load.ts';
import { type InstanceOptions, type Options, optionsSchema } from './config/options.ts';
import { secretsOf } from './config/secrets.ts';
import type { Settings } from './config/settings.ts';
import { validateOptions } from './config/validate.ts';
import type { Source } from './contract/source.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { openDatabase } from './core/database.ts';
import { LabError } from './core/errors.ts';
import { createLog, type Log } from './core/log.ts';
import { Secrets } from './core/secrets.ts';
import { type Configured, Engine } from './engine/engine.ts';
import type { EntitySettings } from './entities/settings.ts';
import { startHttp } from './http/server.ts';
import { TokenBook } from './http/tokens.ts';
import { KINDS, type LabResource } from './kinds/index.ts';
import { ACTIONS } from './lab/index.ts';
import { SELF, SELF_ID, selfOf } from './lab/self.ts';
import { Store } from './model/store.ts';
import { Bridge } from './mqtt/bridge.ts';
import type { BrokerAddress } from './mqtt/connection.ts';
import { credentialsOf, type EmbeddedBroker, startEmbeddedBroker } from './mqtt/embedded-broker.ts';
import { SOURCES } from './sources/registry.ts';

/** Seconds. */
const INTERVALS = { fast: 30, slow: 60, rare: 600 };

const SELF_MS = 60_000;

/** Where the Supervisor's proxy asks from. */
const INGRESS = '172.30.32.2';

export interface App {
  readonly log: Log;
  /** Resolves when it cannot go on; the log says why. It is to be closed then. */
  readonly failed: Promise<void>;
  /** Says goodbye to the broker and lets go of every system. */
  close(): Promise<void>;
}

/**
 * Puts the rooms together and starts them.
 *
 * @param write where log lines go
 * @throws LabError `options_invalid`, `port_taken`
 */
export async function startApp(
  settings: Settings,
  version: string,
  write: (line: string) => void,
): Promise<App> {
  const given = await loadOptions(settings);
  const sources = await sourcesFor(given);
  const options = validateOptions(sources, given);
  return start(options, sources, settings, version, write);
}

async function start(
  options: Options,
  sources: Readonly<Record<string, Source>>,
  settings: Settings,
  version: string,
  write: (line: string) => void,
): Promise<App> {
  const secrets = new Secrets();
  for (const secret of secretsOf(optionsSchema(sources), options)) secrets.add(secret);
  const log = createLog(options.log_level ?? 'info', write, secrets);
  const systems = systemsOf(options, sources);
  const entitySettings = entitySettingsOf(options, systems, version);
  const clock = systemClock;

  const embedded =
    options.mqtt?.host === undefined
      ? await startEmbeddedBroker({
          host: options.mqtt?.listen ?? '127.0.0.1',
          port: settings.mqttPort,
          credentials: credentialsOf(options.mqtt ?? {}),
          log: log.child('mqtt'),
        })
      : undefined;
  if (embedded)
    log
      .child('mqtt')
      .info(`our own broker listens on ${options.mqtt?.listen ?? embedded.host}:${embedded.port}`);

  const database = openDatabase(settings.dataFolder, log, clock.now());
  const store = new Store<LabResource>();
  const engine = new Engine(systems, {
    store,
    clock,
    random: Math.random,
    log,
    database,
    intervals: INTERVALS,
    onHealth: () => self.refresh(),
  });
  const executor = new Executor({
    actions: ACTIONS,
    resource: (id) => store.get(id),
    capabilities: engine,
    refresh: (id) => engine.refresh(id),
    self: SELF_ID,
    allow: options.allow ?? 'operate',
    database,
    redact: (text) => secrets.redact(text),
    announce: ({ type, target, ...rest }) => {
      // What MQTT asked for and was refused, the bridge tells itself.
      if (type === 'refused' && rest.door === 'mqtt') return;
      bridge.publisher.emit(target, 'outcome', { event_type: type, ...rest });
    },
    clock,
    log: log.child('actions'),
  });
  // A change of a target may show what became of a command that was cut off.
  store.subscribe((diff) => {
    for (const { after } of diff) if (after !== undefined) executor.look(after);
  });
  const failure = Promise.withResolvers<void>();
  const bridge = new Bridge({
    address: brokerAddress(options.mqtt ?? {}, settings, embedded),
    settings: entitySettings,
    birth: {
      topic: options.mqtt?.birth_topic ?? 'homeassistant/status',
      payload: options.mqtt?.birth_payload ?? 'online',
    },
    store,
    configured: new Set([SELF, ...systems.map(({ source, id }) => `${source.id}/${id}`)]),
    database,
    clock,
    random: Math.random,
    log: log.child('mqtt'),
    submit: (request) => executor.submit(request),
    onConflict: (message) => {
      log.error(`${message}; stop one of them, or give one its own topics with the option “site”`);
      failure.resolve();
    },
  });
  const { publisher } = bridge;
  const started = clock.now();
  const self = keepSelf(clock, () => {
    const knowledge = {
      version,
      started,
      devices: publisher.devices,
      messages: publisher.messagesPerMinute(),
      memoryBytes: process.memoryUsage.rss(),
      systems: engine.health(),
    };
    store.replace(SELF, [selfOf(knowledge)]);
  });
  self.refresh();
  engine.start();

  const tokens = new TokenBook({
    database,
    dataFolder: settings.dataFolder,
    clock,
    hide: (token) => secrets.add(token),
  });
  tokens.ensure('homeassistant', 'homeassistant', 'destroy');
  tokens.ensure('http', 'http', options.allow ?? 'operate');
  const httpLog = log.child('http');
  const http = await startHttp(
    { host: settings.host, port: settings.httpPort },
    {
      version,
      lab: store,
      executor,
      actions: ACTIONS,
      kinds: KINDS,
      systems: () => engine.health(),
      deleted: () =>
        publisher.deletions().map(({ at, ...rest }) => ({ ...rest, at: new Date(at).toISOString() })),
      access: {
        tokens,
        openOnLoopback: settings.openOnLoopback,
        ingress: settings.supervisorToken === undefined ? undefined : INGRESS,
        log: httpLog,
      },
      clock,
      log: httpLog,
    },
  );
  httpLog.info(`the page is at http://${settings.host}:${http.port}`);

  return {
    log,
    failed: failure.promise,
    close: async () => {
      // First of all `offline`: from now on nothing that Home Assistant shows is looked after.
      self.close();
      await http.close();
      await bridge.close();
      await executor.close();
      await engine.close();
      await embedded?.close();
      database.close();
    },
  };
}

/** Has Labkeeper's own device told anew, once a minute and when asked to. */
function keepSelf(clock: Clock, tell: () => void): { refresh(): void; close(): void } {
  let cancel = (): void => {};
  const refresh = (): void => {
    cancel();
    tell();
    cancel = clock.after(SELF_MS, refresh);
  };
  return { refresh, close: () => cancel() };
}

/** Only sources that the options name are loaded; unknown names are for the validation to report. */
async function sourcesFor(options: unknown): Promise<Record<string, Source>> {
  const named = Object.keys((options ?? {}) as object);
  const wanted = Object.entries(SOURCES).filter(([name]) => named.includes(name));
  return Object.fromEntries(
    await Promise.all(wanted.map(async ([name, load]) => [name, await load()] as const)),
  );
}

function systemsOf(options: Options, sources: Readonly<Record<string, Source>>): readonly Configured[] {
  return Object.entries(sources).flatMap(([name, source]) =>
    (options[name] as readonly InstanceOptions[]).map((entry) => {
      const { id, title, area: _, entities: __, ...own } = entry;
      return { source, id, title: title ?? id, options: own };
    }),
  );
}

function entitySettingsOf(options: Options, systems: readonly Configured[], version: string): EntitySettings {
  const { site = '', discovery_prefix: discoveryPrefix = 'homeassistant' } = options;
  /** What the systems' entries say under a key, by owner. */
  const ofEach = <K extends 'area' | 'entities'>(
    key: K,
  ): ReadonlyMap<string, NonNullable<InstanceOptions[K]>> =>
    new Map(
      systems.flatMap(({ source, id }) => {
        const entries = options[source.id] as readonly InstanceOptions[];
        const value = entries.find((candidate) => candidate.id === id)?.[key];
        return value == null ? [] : [[`${source.id}/${id}`, value]];
      }),
    );
  return {
    base: site === '' ? 'labkeeper' : `labkeeper-${site}`,
    discoveryPrefix,
    site,
    language: options.language ?? 'en',
    level: options.entities ?? 'standard',
    levels: ofEach('entities'),
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    primaryControls: options.controls === 'primary',
    areas: ofEach('area'),
    version,
  };
}

function brokerAddress(
  { host, port, username, password, tls = false, ca }: NonNullable<Options['mqtt']>,
  settings: Settings,
  embedded: EmbeddedBroker | undefined,
): BrokerAddress {
  return {
    host: host ?? embedded?.host ?? settings.host,
    port: embedded?.port ?? port ?? (tls ? 8883 : 1883),
    tls: tls && embedded === undefined,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca: readAuthority(ca) }),
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
