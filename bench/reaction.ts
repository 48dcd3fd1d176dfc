import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from '../simulators/proxmox/client.ts';
import {
  homeServer,
  OPERATOR_TOKEN,
  type ProxmoxCluster,
  startProxmoxSimulator,
} from '../simulators/proxmox/index.ts';
import { eventually } from '../test/parts/process.ts';
import { proxmoxOptions, startWorld, type World } from '../test/parts/world.ts';
import { quantile, seconds, table } from './measure.ts';

const GUESTS = 10;
const CHANGES = 6;

type Status = 'running' | 'stopped';

/** A guest that is changed, and how that is asked for. */
interface Tried {
  readonly vmid: number;
  /** Of its switch. */
  readonly entityId: string;
  /** Asks for a change, and is done when it has been asked for. */
  readonly ask: (wanted: Status) => Promise<unknown>;
}

/**
 * From the moment that a guest of a simulated cluster runs or does not, until Home Assistant has told its frontend: for
 * changes that somebody else makes, and for those that Home Assistant asked for itself.
 */
export async function reaction(): Promise<string> {
  const cluster = homeServer();
  const simulator = await startProxmoxSimulator({ cluster });
  const world = await startWorld();
  try {
    await world.labkeeper({ proxmox: [proxmoxOptions(simulator)] });
    const api = new Caller(simulator, OPERATOR_TOKEN);
    const guests = cluster.guests.filter(({ status }) => status === 'running').slice(0, GUESTS);
    const tried = await Promise.all(
      guests.map(async ({ vmid, type, node }) => {
        const entityId = await world.home.entityId(`labkeeper_proxmox_home_guest_${vmid}_power`);
        await world.home.until(entityId, 'on', 60_000);
        const path = `/nodes/${node}/${type}/${vmid}/status`;
        return {
          outside: (wanted: Status) => api.post(`${path}/${wanted === 'running' ? 'start' : 'stop'}`),
          own: (wanted: Status) =>
            world.home.callAction('switch', `turn_${wanted === 'running' ? 'on' : 'off'}`, {
              entity_id: entityId,
            }),
          ...{ vmid, entityId },
        };
      }),
    );
    await seconds(20);
    const measured = async (by: 'outside' | 'own'): Promise<readonly number[]> => {
      const each = tried.map((one) => changes(world, cluster, { ...one, ask: one[by] }));
      return (await Promise.all(each)).flat();
    };
    const outside = await measured('outside');
    const own = await measured('own');
    const row = (name: string, values: readonly number[]): string[] => [
      name,
      ...[quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map((ms) =>
        (ms / 1_000).toFixed(2),
      ),
    ];
    return table(
      `A guest of Proxmox VE starts or stops, until Home Assistant shows it (${GUESTS * CHANGES} changes each)`,
      ['who did it', 'p50 s', 'p95 s', 'max s'],
      [row('somebody else', outside), row('Home Assistant', own)],
    );
  } finally {
    await world.stop();
    await simulator.close();
  }
}

/** Starts and stops one guest by turns, at moments that fit no rhythm. @returns ms from the fact to the frontend */
async function changes(
  world: World,
  cluster: ProxmoxCluster,
  { vmid, entityId, ask }: Tried,
): Promise<number[]> {
  const took: number[] = [];
  for (let index = 0; index < CHANGES; index += 1) {
    const wanted: Status = cluster.find(vmid).status === 'running' ? 'stopped' : 'running';
    await seconds(4 + Math.random() * 10);
    const shown = shows(world, entityId, wanted === 'running' ? 'on' : 'off');
    await ask(wanted);
    await eventually('the change', () => cluster.find(vmid).status === wanted, 60_000);
    const at = performance.now();
    // What Home Assistant shows before it is true would be no speed, but a lie.
    took.push((await Promise.race([shown, late(vmid)])) - at);
  }
  return took;
}

async function late(vmid: number): Promise<never> {
  await sleep(120_000, undefined, { ref: false });
  throw new Error(`guest ${vmid}: the change is not shown`);
}

function shows({ home }: World, entityId: string, wanted: string): Promise<number> {
  return new Promise((resolve) => {
    const stop = home.onStates((states) => {
      if (states[entityId]?.state !== wanted) return;
      queueMicrotask(() => stop());
      resolve(performance.now());
    });
  });
}
