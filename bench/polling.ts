import { homeServer } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from '../test/helpers/proxmox-lab.ts';
import { Calls } from './calls.ts';
import { table } from './measure.ts';

const MINUTES = 60;

/** Calls a minute that others need for the same server, from reading their code (their versions of summer 2026). */
const OTHERS = [
  ['Home Assistant’s own `proxmoxve`', '5 to 7', 'no disks, pools, snapshots, agent, tasks'],
  ['`dougiteixeira/proxmoxve`', '95', 'disks, pools, failed tasks'],
  ['`proxmox2mqtt` (30 LXC)', '68', 'no VMs, disks, pools'],
] as const;

/**
 * What one server with 30 guests, 5 storages, 8 disks and 2 pools is asked, in the first hour after the start and in the
 * next: a simulated one, by a clock that runs faster.
 */
export async function polling(): Promise<string> {
  const lab = await proxmoxLab(homeServer);
  const ports = lab.simulator.urls.map((url) => Number(new URL(url).port));
  const calls = new Calls({ '': ports });
  try {
    const rows: string[][] = [];
    const { faults } = lab.simulator;
    for (const hour of ['first hour', 'second hour']) {
      const minutes: number[] = [];
      for (let minute = 0; minute < MINUTES; minute += 1) {
        const before = faults.count();
        await lab.pass(60);
        minutes.push(faults.count() - before);
      }
      const sum = minutes.reduce((total, each) => total + each, 0);
      rows.push([`Labkeeper, ${hour}`, (sum / MINUTES).toFixed(1), String(Math.max(...minutes))]);
    }
    const what = calls.what(0, Number.POSITIVE_INFINITY).map((line) => line.split(' '));
    return [
      table(
        'Calls a minute to one server: 30 guests, 5 storages, 8 disks, 2 pools',
        ['who', 'average', 'worst minute'],
        rows,
      ),
      table(
        'Others, for the same server',
        ['who', 'average', 'without'],
        OTHERS.map((row) => [...row]),
      ),
      table(
        'What was asked in those two hours',
        ['calls', 'path'],
        what.map(([count = '', , ...path]) => [count, path.join(' ')]),
      ),
    ].join('\n');
  } finally {
    calls.close();
    await lab.close();
  }
}
