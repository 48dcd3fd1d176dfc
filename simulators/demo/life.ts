import type { DockerEngine } from '../docker/engine.ts';
import type { Load, LoadCurve } from '../docker/load.ts';

const MIB = 1024 ** 2;
const MINUTE = 60_000;

/** Between 0 and 1, never the same twice in an evening: three waves whose lengths have nothing in common. */
function drift(at: number, phase: number): number {
  const wave = (length: number): number => Math.sin((at / length) * 2 * Math.PI + phase);
  return (wave(97_000) + wave(311_000) + wave(1_013_000) + 3) / 6;
}

/** From 0 at night to 1 in the evening, by this machine's clock. */
function evening(at: number): number {
  const date = new Date(at);
  const hour = date.getHours() + date.getMinutes() / 60;
  return (1 - Math.cos(((hour - 8) / 24) * 2 * Math.PI)) / 2;
}

/** 1 for `busy` out of every `cycle` milliseconds, else 0. */
const inTurn = (at: number, cycle: number, busy: number): number => (at % cycle < busy ? 1 : 0);

interface Range {
  readonly idle: Partial<Load>;
  /** Added to `idle` when there is most to do. */
  readonly busy: Partial<Load>;
  /** How busy it is, from 0 to 1. */
  readonly how: (at: number) => number;
}

function curveOf({ idle, busy, how }: Range): LoadCurve {
  return (at) => {
    const share = how(at);
    const at1 = (key: keyof Load): number => (idle[key] ?? 0) + (busy[key] ?? 0) * share;
    return {
      cores: at1('cores'),
      memory: at1('memory'),
      received: at1('received'),
      sent: at1('sent'),
      read: at1('read'),
      written: at1('written'),
    };
  };
}

const LOADS: Readonly<Record<string, Range>> = {
  // Somebody watches, most of all in the evening.
  'media-jellyfin-1': {
    idle: { cores: 0.02, memory: 600 * MIB, sent: 800 },
    busy: { cores: 1.4, memory: 500 * MIB, sent: 2.2 * MIB, received: 20_000, read: 2.4 * MIB },
    how: (at) => drift(at, 1) * (0.2 + 0.8 * evening(at)),
  },
  // Looks for something new every quarter of an hour.
  'media-sonarr-1': {
    idle: { cores: 0.01, memory: 200 * MIB, received: 400, sent: 300 },
    busy: { cores: 0.5, memory: 60 * MIB, received: 4 * MIB, written: 4.1 * MIB },
    how: (at) => inTurn(at, 15 * MINUTE, 2 * MINUTE),
  },
  // Speaks now and then.
  'ai-chatterbox-1': {
    idle: { cores: 0.02, memory: 2_900 * MIB, received: 60, sent: 60 },
    busy: { cores: 1.8, memory: 350 * MIB, sent: 90_000, received: 4_000 },
    how: (at) => inTurn(at, 3 * MINUTE, MINUTE / 2) * drift(at, 2),
  },
  'ai-open-webui-1': {
    idle: { cores: 0.02, memory: 760 * MIB, received: 150, sent: 150 },
    busy: { cores: 0.3, memory: 80 * MIB, received: 30_000, sent: 60_000 },
    how: (at) => drift(at, 3) * evening(at),
  },
  'monitoring-prometheus-1': {
    idle: { cores: 0.05, memory: 330 * MIB, received: 9_000, sent: 1_000, written: 16_000 },
    busy: { cores: 0.2, memory: 90 * MIB, received: 6_000, read: 80_000, written: 500_000 },
    how: (at) => drift(at, 4),
  },
  'monitoring-grafana-1': {
    idle: { cores: 0.01, memory: 150 * MIB, received: 900, sent: 900 },
    busy: { cores: 0.12, memory: 30 * MIB, received: 40_000, sent: 80_000 },
    how: (at) => drift(at, 5),
  },
  portainer: {
    idle: { cores: 0.005, memory: 58 * MIB, received: 200, sent: 200 },
    busy: { cores: 0.05, memory: 12 * MIB, received: 3_000, sent: 9_000 },
    how: (at) => drift(at, 6),
  },
};

/** Whose process ends without being asked, and when after the start and after the time before. */
const CRASHING = { name: 'mcp-custom', first: 2 * MINUTE, least: 4 * MINUTE, most: 12 * MINUTE };
const EXIT_CODES = [1, 1, 2, 139];

const AILING = { name: 'ai-chatterbox-1', first: 5 * MINUTE, least: 12 * MINUTE, most: 30 * MINUTE };
const AILS_FOR = { least: MINUTE, most: 3 * MINUTE };

/** What a container says now and then, and how often. */
const TALK: Readonly<Record<string, readonly string[]>> = {
  'media-sonarr-1': [
    '[Info] RssSyncService: Starting RSS Sync',
    '[Info] DownloadDecisionMaker: Processing 100 releases',
  ],
  'media-jellyfin-1': ['[INF] Playback started: kitchen', '[WRN] Slow HTTP response to GET /System/Info'],
  'ai-chatterbox-1': ['INFO: synthesized 1 chunk', 'INFO: 127.0.0.1 "POST /tts HTTP/1.1" 200 OK'],
  'monitoring-prometheus-1': ['level=info component=tsdb msg="Head GC completed"'],
};
const TALKS = { least: MINUTE / 6, most: MINUTE };

/** Gives the lab of the demo something to do, and something to go wrong. It ends with the engine. */
export function bringToLife(engine: DockerEngine): void {
  const { time } = engine;
  for (const [name, range] of Object.entries(LOADS)) engine.setLoad(name, curveOf(range));

  const between = ({ least, most }: { readonly least: number; readonly most: number }): number =>
    least + (most - least) * time.random();
  const crash = (): void => {
    // Somebody may have stopped it; then it has nothing to crash.
    if (runs(engine, CRASHING.name)) {
      engine.die(CRASHING.name, EXIT_CODES[Math.floor(time.random() * EXIT_CODES.length)] ?? 1);
    }
    time.after(between(CRASHING), crash);
  };
  const ail = (): void => {
    if (runs(engine, AILING.name)) engine.setHealth(AILING.name, 'unhealthy');
    time.after(between(AILS_FOR), () => {
      if (runs(engine, AILING.name)) engine.setHealth(AILING.name, 'healthy');
      time.after(between(AILING), ail);
    });
  };
  const talk = (): void => {
    for (const [name, lines] of Object.entries(TALK)) {
      const line = lines[Math.floor(time.random() * lines.length)];
      if (runs(engine, name)) engine.write(name, `${new Date(time.now()).toISOString()} ${line}\n`);
    }
    time.after(between(TALKS), talk);
  };
  talk();
  time.after(CRASHING.first, crash);
  time.after(AILING.first, ail);
}

/** A container can have been removed over the API, too. */
function runs(engine: DockerEngine, name: string): boolean {
  return engine.containers.some((container) => container.name === name && container.status === 'running');
}
