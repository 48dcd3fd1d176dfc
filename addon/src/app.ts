import { Executor } from './actions/executor.ts';
import { announcingOf } from './app/announcing.ts';
import { joinBackups } from './app/backups.ts';
import { brokerOf } from './app/broker.ts';
import { keepBuildOut } from './app/build-out.ts';
import { ownCapabilities, withOwn } from './app/capabilities.ts';
import { entitySettingsOf } from './app/entity-settings.ts';
import { patient } from './app/events.ts';
import { findInLab, logFindings } from './app/findings.ts';
import { planGpus, workloadsIn } from './app/gpus.ts';
import { keepHistory } from './app/history.ts';
import { homeAssistantAddress, homeAssistantOf } from './app/homeassistant.ts';
import { logsOf } from './app/logs.ts';
import { ownLogOf } from './app/own-log.ts';
import { ownParts } from './app/own-parts.ts';
import { ownPlace } from './app/own-place.ts';
import { ownWords } from './app/own-words.ts';
import { listening, recordedSystems } from './app/recording.ts';
import { keepSelf } from './app/self.ts';
import { servicesOf } from './app/services.ts';
import { joinSpeech } from './app/speech.ts';
import { supervisorOf } from './app/supervisor.ts';
import { rankOf, sourcesFor, systemsOf } from './app/systems.ts';
import { tokensOf } from './app/tokens.ts';
import { offerVoice, voiceOf } from './app/voice.ts';
import { loadOptions } from './config/load.ts';
import type { Options } from './config/options.ts';
import { loadRecipes } from './config/recipes.ts';
import type { Settings } from './config/settings.ts';
import { validateOptions } from './config/validate.ts';
import type { Source } from './contract/source.ts';
import { takeCopy } from './core/backup.ts';
import { systemClock } from './core/clock.ts';
import { openDatabase } from './core/database.ts';
import { wasRestored } from './core/lineage.ts';
import type { Log } from './core/log.ts';
import { ownId } from './core/own-id.ts';
import { asUnwritable } from './core/unwritable.ts';
import { Engine } from './engine/engine.ts';
import { MemoryBook } from './engine/memory.ts';
import { deviceIdentifier } from './entities/topics.ts';
import { startHttp } from './http/server.ts';
import { KINDS, type LabResource } from './kinds/index.ts';
import { Findings } from './lab/findings.ts';
import { ACTIONS } from './lab/index.ts';
import { lifelineGuard } from './lab/lifeline.ts';
import { RECIPES } from './lab/recipe/shipped.ts';
import { SELF, SELF_ID, selfOf } from './lab/self.ts';
import { Store } from './model/store.ts';
import { Bridge } from './mqtt/bridge.ts';
import { Recordings } from './record/recordings.ts';
import type { RunningVoice } from './voice/index.ts';

/** Records instead of running; its code is loaded only then. */
export const recordOnce: typeof import('./app/record.ts').recordOnce = async (...given) =>
  (await import('./app/record.ts')).recordOnce(...given);

/** Seconds. */
export const INTERVALS = { fast: 30, slow: 60, rare: 600 };

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
 * @param pageFolder where the page was built; undefined: there is none
 * @throws LabError `options_invalid`, `port_taken`, `data_unwritable`
 */
export async function startApp(
  settings: Settings,
  version: string,
  write: (line: string) => void,
  pageFolder?: string,
): Promise<App> {
  const given = await loadOptions(settings);
  const sources = await sourcesFor(given);
  const options = validateOptions(sources, given);
  try {
    return await start(options, sources, settings, version, write, pageFolder);
  } catch (thrown) {
    throw asUnwritable(thrown, settings.dataFolder);
  }
}

async function start(
  options: Options,
  sources: Readonly<Record<string, Source>>,
  settings: Settings,
  version: string,
  write: (line: string) => void,
  pageFolder: string | undefined,
): Promise<App> {
  const { log, tail, secrets, redact, shownOptions } = ownLogOf(options, sources, write);
  const systems = systemsOf(options, sources);
  const clock = systemClock;
  const supervisor = await supervisorOf(settings, { clock, secrets, log: log.child('supervisor') });
  const broker = await brokerOf(options.mqtt ?? {}, settings, log.child('mqtt'), supervisor);
  takeCopy(settings.dataFolder, log);
  const database = openDatabase(settings.dataFolder, log, clock.now());
  const store = new Store<LabResource>({ rank: rankOf });
  const findings = new Findings();
  logFindings(findings, log.child('findings'));
  findInLab(store, findings);
  joinBackups(store);
  joinSpeech(store);
  planGpus(store, findings, await workloadsIn(settings.configFolder, log), clock);
  const events = patient((...event) => bridge.publisher.emit(...event), clock);
  const engine = new Engine(systems, {
    store,
    clock,
    random: Math.random,
    log,
    database,
    intervals: INTERVALS,
    onHealth: () => self.refresh(),
    rollCall: () => bridge.rollCall(),
    onEvent: (resourceId, key, event) => events.tell(resourceId, key, event),
    onFindings: (owner, found) => findings.report(owner, found),
  });
  let voice: RunningVoice | undefined;
  const homeAssistant = await homeAssistantOf(homeAssistantAddress(options.homeassistant ?? {}, settings), {
    ...{ clock, secrets, log: log.child('homeassistant'), voices: () => voice?.voice.named() ?? [] },
  });
  const announcing = announcingOf({
    ...{ homeAssistant, clock, folder: settings.configFolder },
    emit: (key, event) => void bridge.publisher.emit(SELF_ID, key, event),
  });
  const recipes = () => loadRecipes(settings.configFolder, RECIPES);
  const place = ownPlace(store, options, settings, broker.address);
  const own = ownCapabilities({
    ...{ place, announcing, recipes, clock, folder: settings.configFolder },
    publisher: () => bridge.publisher,
    executor: () => executor,
  });
  const executor: Executor = new Executor({
    actions: ACTIONS,
    resource: (id) => store.get(id),
    capabilities: withOwn(own, engine),
    refresh: (id) => engine.refresh(id),
    self: SELF_ID,
    allow: options.allow ?? 'operate',
    guard: lifelineGuard(place),
    database,
    restored: wasRestored(database, settings.dataFolder),
    redact,
    announce: (outcome) => {
      speaking?.onOutcome(outcome);
      const { type, target, ...rest } = outcome;
      // What MQTT asked for and was refused, the bridge tells itself.
      if (type === 'refused' && rest.door === 'mqtt') return;
      bridge.publisher.emit(target, 'outcome', { event_type: type, ...rest });
    },
    clock,
    log: log.child('actions'),
  });
  const speaking = ownWords({
    ...{ announcing, store, executor, actions: ACTIONS, folder: settings.configFolder, clock },
    ...{ language: options.language, log: log.child('announce') },
  });
  const buildOut = await keepBuildOut({
    ...{ store, findings, actions: ACTIONS, folder: settings.configFolder, log },
    sights: () => engine.sights(),
  });
  // A change of a target may show what became of a command that was cut off.
  store.subscribe((diff) => {
    for (const { after } of diff) if (after !== undefined) executor.look(after);
  });
  const entitySettings = entitySettingsOf(options, systems, version);
  const failure = Promise.withResolvers<void>();
  const bridge = new Bridge({
    address: broker.address,
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
    onFailed: () => broker.doubt(),
    onConflict: (message) => {
      log.error(`${message}; stop one of them, or give one its own topics with the option “site”`);
      failure.resolve();
    },
  });
  broker.follow((address) => bridge.moveTo(address));
  const { publisher } = bridge;
  const started = clock.now();
  const self = keepSelf(clock, () => {
    const knowledge = {
      version,
      started,
      devices: publisher.devices,
      messages: publisher.messagesPerMinute(),
      memoryBytes: process.memoryUsage.rss(),
      findings: findings.all(),
      buildOut: buildOut.view(),
      canAnnounce: announcing !== undefined,
      systems: engine.health(),
    };
    store.replace(SELF, [selfOf(knowledge)]);
  });
  self.refresh();
  findings.subscribe(() => self.refresh());
  engine.start();
  voice = await voiceOf(options.voice ?? {}, {
    ...{ systems, settings, version, clock, capabilities: engine, log: log.child('voice') },
  });

  const tokens = tokensOf({ database, settings, clock, secrets, options });
  const recordings = new Recordings(
    {
      ...{ version, clock, folder: settings.dataFolder },
      systems: recordedSystems(systems),
      listen: listening(systems),
    },
    log.child('record'),
  );
  const history = keepHistory(store, clock);
  const httpLog = log.child('http');
  const id = ownId(database);
  const http = await startHttp(
    { host: settings.host, port: settings.httpPort },
    {
      version,
      ownId: id,
      services: servicesOf(ACTIONS, version),
      deviceOf: (id) => deviceIdentifier(id, entitySettings),
      lab: store,
      findings,
      buildOut,
      recipes,
      executor,
      actions: ACTIONS,
      kinds: KINDS,
      systems: () => engine.health(),
      deleted: () =>
        publisher.deletions().map(({ at, ...rest }) => ({ ...rest, at: new Date(at).toISOString() })),
      recordings,
      hookOf: (owner) => engine.hookOf(owner),
      logOf: logsOf(engine, redact),
      history: history.read,
      ...ownParts({
        ...{ version, started, engine, bridge, findings, executor, redact, tail, lab: store, clock },
        ...{ options: shownOptions, configFolder: settings.configFolder },
      }),
      ...(pageFolder !== undefined && { pageFolder }),
      access: {
        tokens,
        openOnLoopback: settings.openOnLoopback,
        ingress: settings.supervisorToken === undefined ? undefined : INGRESS,
        isAdministrator: homeAssistant && ((userId) => homeAssistant.isAdministrator(userId)),
      },
      clock,
      log: httpLog,
    },
  );
  httpLog.info(`the page is at http://${settings.host}:${http.port}`);
  const token = tokens.reveal('homeassistant');
  if (token !== undefined) supervisor?.announce(version, token, id);
  offerVoice(voice, { supervisor, store, memory: new MemoryBook(database).of(() => 'voice') });

  return {
    log,
    failed: failure.promise,
    close: async () => {
      // First of all `offline`: from now on nothing that Home Assistant shows is looked after.
      self.close();
      history.close();
      events.close();
      speaking?.close();
      await http.close();
      await voice?.close();
      await recordings.close();
      homeAssistant?.close();
      await supervisor?.close();
      await bridge.close();
      await executor.close();
      await engine.close();
      await broker.close();
      database.close();
    },
  };
}
