import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { Source } from '../addon/src/contract/source.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { fieldsOf, PROCESS_FIELDS } from '../addon/src/sources/gpu/csv.ts';
import { proxmox } from '../addon/src/sources/proxmox/index.ts';
import { rtx3090, smiCsv } from '../simulators/gpu/index.ts';
import {
  ADMIN,
  AUDITOR_TOKEN,
  type ProxmoxSimulator,
  seededCluster,
  startProxmoxSimulator,
} from '../simulators/proxmox/index.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { type GpuLab, gpuLab } from './helpers/gpu-lab.ts';

const GUEST = 'proxmox/home/guest/101';
const MARK = '-- labkeeper --';
const card = rtx3090({ utilization: 42 });

const answer = (): string =>
  [
    fieldsOf(false).join(', '),
    smiCsv(card, fieldsOf(false)),
    MARK,
    PROCESS_FIELDS.join(', '),
    `${card.uuid}, 4242, /usr/bin/python3, 6340 MiB`,
    MARK,
    'CUDA Version        : 13.0',
    '',
  ].join('\n');

suite('a card by the guest agent of its machine', () => {
  let lab: GpuLab;
  let simulator: ProxmoxSimulator;
  afterEach(async () => {
    await lab.close();
    await simulator.close();
  });

  async function open(login: 'admin' | 'auditor' = 'admin') {
    const clock = new FakeClock();
    const cluster = seededCluster({ clock });
    simulator = await startProxmoxSimulator({ cluster });
    const guest = cluster.guest(101) ?? assert.fail();
    guest.answer = answer;
    const token = simulator.tokens.find(({ id }) => id === AUDITOR_TOKEN);
    const options = {
      urls: simulator.urls,
      fingerprint: [...simulator.nodes.values()].map(({ fingerprint }) => fingerprint).join(', '),
      ...(login === 'admin'
        ? { username: ADMIN.id, password: ADMIN.password }
        : { token_id: token?.id, token_secret: token?.secret }),
    };
    const home = { source: proxmox as unknown as Source, id: 'home', title: 'Home', options };
    lab = gpuLab({ agent: true, guest: GUEST }, memoryDatabase(), [home], clock);
    return guest;
  }

  test('is read by one fixed command, and hangs on its guest', async () => {
    const guest = await open();
    await lab.until('the card', () => lab.card());
    const { readings, facts, links } = lab.card() ?? assert.fail();
    assert.equal(readings.utilization, 42);
    assert.equal(facts.cuda, '13.0');
    assert.deepEqual(readings.processes, [
      { key: 'process_4242', title: '/usr/bin/python3', pid: 4242, vram: 6_340 / 1024 },
    ]);
    assert.deepEqual(links, [{ type: 'attached_to', to: GUEST }]);
    const [program, flag, script] = guest.executed[0]?.command ?? [];
    assert.deepEqual([program, flag], ['sh', '-c']);
    assert.match(script ?? '', /^timeout 10 nvidia-smi --query-gpu=/);
    assert.equal(new Set(guest.executed.map(({ command }) => command.join(' '))).size, 1);
  });

  test('is asked once a minute at most', async () => {
    const guest = await open();
    await lab.until('the card', () => lab.card());
    const before = guest.executed.length;
    await lab.pass(600);
    const asked = guest.executed.length - before;
    assert.ok(asked >= 8 && asked <= 11, `${asked} times in ten minutes`);
  });

  test('is asked less and less often while that fails', async () => {
    const guest = await open();
    guest.answer = () => 'NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver.\n';
    await lab.pass(1_800);
    assert.equal(lab.card(), undefined);
    assert.match(lab.told(), /tells of no card: NVIDIA-SMI has failed/);
    assert.ok(guest.executed.length >= 3 && guest.executed.length <= 7, `${guest.executed.length} times`);
  });

  test('nothing more is run while what was run before has not ended', async () => {
    const guest = await open();
    guest.answer = () => undefined;
    await lab.pass(900);
    assert.equal(guest.executed.length, 1);
    assert.match(lab.told(), /before has not ended/);
    guest.answer = answer;
    await lab.until('the card', () => lab.card(), 1_800);
  });

  test('a missing privilege is said', async () => {
    const guest = await open('auditor');
    await lab.until('the complaint', () => /VM.GuestAgent.Unrestricted/.test(lab.told()), 300);
    assert.equal(guest.executed.length, 0);
  });
});
