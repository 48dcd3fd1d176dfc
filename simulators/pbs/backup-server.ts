import type { Clock } from '../../addon/src/core/clock.ts';
import { realClock } from '../clock.ts';

const GIB = 1024 ** 3;
const DAY_S = 86_400;

export interface SimSnapshot {
  readonly type: 'vm' | 'ct' | 'host';
  readonly id: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly comment?: string;
  /** undefined: it is being made. */
  size?: number;
  state?: 'ok' | 'failed';
  readonly encrypted?: boolean;
}

export interface SimJob {
  readonly kind: 'gc' | 'verify' | 'prune' | 'sync';
  readonly id?: string;
  readonly schedule: string;
  state?: string;
  ended?: number;
  upid?: string;
}

export interface SimDatastore {
  readonly name: string;
  readonly comment?: string;
  readonly total: number;
  used: number;
  error?: string;
  maintenance?: string;
  /** By namespace; '' is the unnamed one. */
  readonly namespaces: Map<string, SimSnapshot[]>;
  readonly jobs: SimJob[];
}

export interface SimTask {
  readonly upid: string;
  readonly type: string;
  readonly id: string;
  readonly started: number;
  ended?: number;
  status?: string;
}

/** A Proxmox Backup Server without disks: what it holds, and handles for tests and the demo. */
export class BackupServer {
  readonly clock: Clock;
  readonly datastores: SimDatastore[] = [];
  readonly tasks: SimTask[] = [];
  readonly booted: number;
  version = { version: '4.1', release: '2', repoid: 'f7a2b6c1' };
  /** Left out: the token may not ask. */
  serverid: string | undefined = '9F86D081884C7D659A2FEAA0C55AD015';

  constructor(clock: Clock = realClock) {
    this.clock = clock;
    this.booted = clock.now() - 12 * DAY_S * 1_000;
  }

  /** Seconds since 1970. */
  get now(): number {
    return Math.floor(this.clock.now() / 1_000);
  }

  find(name: string): SimDatastore {
    const found = this.datastores.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no datastore ${name}`);
    return found;
  }

  /** Begins a task. @param id as in `tank` or `tank:vm/101` */
  begin(type: string, id: string): SimTask {
    const hex = (value: number, digits: number): string =>
      value.toString(16).toUpperCase().padStart(digits, '0');
    const written = id.replaceAll(/[^A-Za-z0-9_.]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`);
    const count = this.tasks.length + 1;
    const task = {
      upid: `UPID:pbs:${hex(700 + count, 8)}:${hex(9_000 + count, 8)}:${hex(count, 8)}:${hex(this.now, 8)}:${type}:${written}:root@pam:`,
      ...{ type, id: written, started: this.now },
    };
    this.tasks.push(task);
    return task;
  }

  end(task: SimTask, status = 'OK'): void {
    task.ended = this.now;
    task.status = status;
  }

  /** A backup arrives, all at once. */
  backUp(store: string, namespace: string, type: 'vm' | 'ct', id: string, comment?: string): void {
    const task = this.begin('backup', `${store}:${type}/${id}`);
    const time = this.now;
    const made: SimSnapshot = { type, id, time, size: 20 * GIB, ...(comment !== undefined && { comment }) };
    const { namespaces } = this.find(store);
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), made]);
    this.end(task);
  }
}

/** Two datastores: `tank` keeps two weeks of four guests, `offsite` is a copy on a disk that is taken away at times. */
export function seededBackupServer(clock: Clock = realClock): BackupServer {
  const server = new BackupServer(clock);
  const night = server.now - (server.now % DAY_S) - DAY_S + 2 * 3_600;
  const guests = [
    ['vm', '100', 'homeassistant', 12],
    ['vm', '101', 'docker-host', 64],
    ['vm', '102', 'dev-test', 30],
    ['ct', '103', 'pulse', 2],
  ] as const;
  const kept = (nights: number): SimSnapshot[] =>
    guests.flatMap(([type, id, comment, gib]) =>
      Array.from({ length: nights }, (_, ago) => ({
        ...{ type, id, comment, time: night - ago * DAY_S, size: gib * GIB },
        // The last one was not looked at yet.
        ...(ago > 0 && { state: 'ok' as const }),
        encrypted: true,
      })),
    );
  const ran = (kind: SimJob['kind'], id: string | undefined, schedule: string, state = 'OK'): SimJob => ({
    ...{ kind, schedule, state, ended: night + 3_600, upid: `UPID:pbs:00000A:00000B:0:${kind}:` },
    ...(id !== undefined && { id }),
  });
  server.datastores.push(
    {
      ...{ name: 'tank', comment: 'two weeks of all guests', total: 3_600 * GIB, used: 1_080 * GIB },
      namespaces: new Map([
        ['', []],
        ['home', kept(14)],
      ]),
      jobs: [
        ran('gc', undefined, 'sat 04:00'),
        ran('verify', 'v-7a1b2c3d', 'daily'),
        ran('prune', 'default-tank', 'daily'),
      ],
    },
    {
      ...{ name: 'offsite', total: 1_800 * GIB, used: 600 * GIB },
      namespaces: new Map([['', kept(4)]]),
      jobs: [ran('gc', undefined, 'sun 04:00'), ran('sync', 's-11aa22bb', 'sat 12:00')],
    },
  );
  return server;
}
