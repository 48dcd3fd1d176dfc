import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { validateOptions } from '../addon/src/config/validate.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { gpu } from '../addon/src/sources/gpu/index.ts';
import { type GpuExporterSimulator, rtx3090, startGpuExporter, work } from '../simulators/gpu/index.ts';
import { type GpuLab, gpuLab } from './helpers/gpu-lab.ts';

const UUID = '5d8c2f0e-9b3a-4c61-8f27-1e6a40b7d935';
const ID = `gpu/rack/gpu/${UUID}`;

suite('a card by its exporter', () => {
  let lab: GpuLab;
  let exporter: GpuExporterSimulator;
  afterEach(async () => {
    await lab.close();
    await exporter.close();
  });

  for (const flavour of ['nvidia_gpu_exporter', 'dcgm-exporter'] as const) {
    test(`${flavour}: is one thing with its numbers in our units`, async () => {
      const card = rtx3090();
      work(card, 0.5);
      exporter = await startGpuExporter({ cards: [card], flavour });
      lab = gpuLab({ url: exporter.url });
      await lab.until('the card', () => lab.card());
      const { id, name, facts, readings, aliases, available } = lab.card() ?? assert.fail();
      assert.equal(id, ID);
      assert.equal(name, 'GeForce RTX 3090');
      assert.equal(available, true);
      assert.deepEqual(aliases, [`gpu_uuid:${UUID}`]);
      assert.equal(facts.version, '580.95.05');
      assert.equal(readings.utilization, 50);
      assert.equal(readings.vram_used, 6.5);
      assert.equal(readings.vram_total, 24);
      assert.equal(readings.temperature, 57);
      assert.equal(readings.power, 189);
      assert.equal(readings.clock, 1_695);
      // What this card cannot tell is not there.
      assert.ok(!('memory_temperature' in readings));
      assert.ok(!('ecc_corrected' in readings));
    });
  }

  test('shows what computes on it', async () => {
    exporter = await startGpuExporter({ cards: [rtx3090()] });
    lab = gpuLab({ url: exporter.url });
    await lab.until('the card', () => lab.card());
    assert.deepEqual(lab.card()?.readings.processes, [
      { key: 'process_4242', title: '/usr/bin/python3', pid: 4242, vram: 6_340 / 1024 },
    ]);
  });

  test('sums up energy and busy time, and goes on over a restart', async () => {
    const database = memoryDatabase();
    const card = rtx3090();
    work(card, 1);
    exporter = await startGpuExporter({ cards: [card] });
    lab = gpuLab({ url: exporter.url }, database);
    await lab.until('the card', () => lab.card());
    await lab.pass(3_600);
    const { energy = 0, busy_hours: busy = 0 } = lab.card()?.readings ?? {};
    assert.ok(Math.abs((energy ?? 0) - 0.35) < 0.01, `${energy} kWh`);
    assert.ok(Math.abs((busy ?? 0) - 1) < 0.02, `${busy} h`);
    work(card, 0);
    await lab.close();
    lab = gpuLab({ url: exporter.url }, database);
    await lab.until('the card', () => lab.card());
    assert.ok((lab.card()?.readings.busy_hours ?? 0) >= (busy ?? 1));
    await lab.pass(600);
    assert.ok((lab.card()?.readings.busy_hours ?? 2) - (busy ?? 0) < 0.01, 'it rests');
  });

  test('counts on where the card’s own counter begins anew', async () => {
    const card = rtx3090({ millijoules: 7_200_000_000 });
    exporter = await startGpuExporter({ cards: [card], flavour: 'dcgm-exporter' });
    lab = gpuLab({ url: exporter.url });
    await lab.until('the card', () => lab.card());
    assert.equal(lab.card()?.readings.energy, 2);
    card.millijoules = 3_600_000_000;
    await lab.until('the next read', () => lab.card()?.readings.energy === 3);
  });

  test('tells of errors of its driver when they happen, not those from before', async () => {
    const card = rtx3090({ xids: [31] });
    exporter = await startGpuExporter({ cards: [card], flavour: 'dcgm-exporter' });
    lab = gpuLab({ url: exporter.url });
    await lab.until('the card', () => lab.card());
    assert.equal(lab.card()?.readings.last_xid, 31);
    assert.deepEqual(lab.events, []);
    card.xids.push(79);
    await lab.until('the error', () => lab.events.length > 0);
    assert.deepEqual(lab.events, [[ID, 'xid', { event_type: 'xid', code: 79 }]]);
    await lab.pass(120);
    assert.equal(lab.events.length, 1);
  });

  test('keeps what it told before as unknown while it does not tell', async () => {
    const card = rtx3090();
    exporter = await startGpuExporter({ cards: [card] });
    lab = gpuLab({ url: exporter.url });
    await lab.until('the card', () => lab.card());
    card.fan = null;
    await lab.until('the next read', () => lab.card()?.readings.fan === null);
  });

  test('that fell off its bus is unavailable, not gone', async () => {
    const [one, other] = [rtx3090(), rtx3090({ uuid: 'GPU-77777777-0000-0000-0000-00000000000a' })];
    exporter = await startGpuExporter({ cards: [one, other] });
    lab = gpuLab({ url: exporter.url });
    await lab.until('both', () => lab.all().length === 2);
    exporter.cards = [other];
    await lab.until('the loss', () => lab.store.get(ID)?.available === false);
    assert.equal(lab.all().length, 2);
  });

  test('an exporter that answers with something else is said to', async () => {
    exporter = await startGpuExporter({ cards: [] });
    exporter.answer = { status: 200, body: 'node_load1 0.5\n' };
    lab = gpuLab({ url: exporter.url });
    await lab.until('the warning', () => lab.log.lines.length > 0);
    assert.match(lab.log.lines.join('\n'), /tells of no NVIDIA card.*is it nvidia_gpu_exporter/);
    assert.equal(lab.engine.health()[0]?.reachable, false);
    exporter.answer = undefined;
    exporter.cards = [rtx3090()];
    await lab.until('the card', () => lab.card());
  });
});

test('options of a card need a way to it', () => {
  assert.throws(
    () => validateOptions({ gpu: gpu as never }, { gpu: [{ id: 'rack', price: 350 }] }),
    /gpu\[0\]: needs one of url/,
  );
});
