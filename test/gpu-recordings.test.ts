import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { measured, numberIn, said, throttleOf } from '../addon/src/sources/gpu/card.ts';
import { cardIn, fieldsOf, headerOf, isHeader, processesIn } from '../addon/src/sources/gpu/csv.ts';
import { DCGM_METRICS } from '../addon/src/sources/gpu/dcgm.ts';
import { cardsIn } from '../addon/src/sources/gpu/exporter.ts';

/** Recordings of real cards; they are no part of the project. */
const FOLDER = `${import.meta.dirname}/../../shared/reference/recorded`;
const NULL_UUID = '00000000-0000-0000-0000-000000000000';

const recorded = (start: string): string | undefined => {
  const name = existsSync(FOLDER) ? readdirSync(FOLDER).find((each) => each.startsWith(start)) : undefined;
  return name === undefined ? undefined : readFileSync(`${FOLDER}/${name}`, 'utf8');
};
const skip = existsSync(FOLDER) ? false : 'no recordings here';

/** The output of a command in the capture, which has two of each: idle, then with load. */
function outputOf(capture: string, command: string, load: boolean): string {
  const parts = capture.split(/^#{80}\n/m);
  const found = parts.flatMap((part, at) =>
    part.includes(`$ nvidia-smi ${command}`) ? [parts[at + 1]] : [],
  );
  return found[load ? 1 : 0]?.trim() ?? assert.fail(`no ${command}`);
}

suite('recorded cards', { skip }, () => {
  test('nvidia-smi: a card at rest and at work', () => {
    const capture = recorded('nvidia-smi__capture__') ?? assert.fail();
    const cardOf = (load: boolean) => {
      const [header = '', line = ''] = outputOf(capture, '--query-gpu=', load).split('\n');
      assert.ok(isHeader(header));
      return cardIn(line, headerOf(header)) ?? assert.fail();
    };
    const idle = cardOf(false);
    assert.equal(idle.uuid, NULL_UUID);
    assert.equal(idle.name, 'NVIDIA GeForce RTX 4080 SUPER');
    assert.equal(idle.driver, '595.71.05');
    assert.equal(idle.device, '10de:2702');
    assert.equal(idle.serial, undefined);
    assert.deepEqual(idle.readings, {
      ...{ utilization: 0, vram_used: 596 / 1024, vram_free: 15_348 / 1024, vram_total: 16_376 / 1024 },
      ...{ temperature: 43, fan: 0, power: 26.2, power_limit: 320, clock: 210, memory_clock: 405 },
      ...{ pstate: 'P8', throttle: 'idle', encoder: 0, decoder: 0, pcie_gen: 1, pcie_width: 16 },
    });
    const busy = cardOf(true).readings;
    assert.equal(busy.encoder, 72);
    assert.equal(busy.throttle, 'none');
    assert.equal(busy.power, 84.24);
  });

  test('nvidia-smi: what is asked for exists', () => {
    const capture = recorded('nvidia-smi__capture__') ?? assert.fail();
    const help = outputOf(capture, '--help-query-gpu', false);
    for (const field of fieldsOf(false)) assert.ok(help.includes(`"${field}"`), field);
  });

  test('nvidia-smi: processes', () => {
    const capture = recorded('nvidia-smi__capture__') ?? assert.fail();
    const processes = processesIn(outputOf(capture, '--query-compute-apps=', true)).get(NULL_UUID);
    assert.deepEqual(
      processes?.map(({ pid, name, vram }) => [pid, name, (vram ?? 0) * 1024]),
      [
        [2165, '/usr/bin/kwin_wayland', 25],
        [5022, 'ffmpeg', 503],
        [5021, 'ffmpeg', 360],
      ],
    );
  });

  test('nvidia_gpu_exporter', () => {
    const [card] = cardsIn(recorded('nvidia_gpu_exporter__') ?? assert.fail()) ?? assert.fail();
    assert.equal(card?.name, 'NVIDIA GeForce RTX 4080 SUPER');
    assert.equal(card?.cuda, '13.2');
    assert.equal(card?.serial, undefined);
    assert.equal(card?.device, '10de:2702');
    assert.equal(card?.pci, '00000000:01:00.0');
    assert.equal(card?.processes?.[0]?.name, '/usr/bin/kwin_wayland');
    const { readings = {} } = card ?? {};
    assert.equal(readings.vram_total, 17_171_480_576 / 1024 ** 3);
    assert.equal(readings.power, 26.2);
    assert.equal(readings.clock, 210);
    assert.equal(readings.pstate, 'P8');
    assert.equal(readings.throttle, 'idle');
    assert.ok(!('memory_temperature' in readings));
  });

  test('dcgm-exporter: what it counts by default is known', () => {
    const list = recorded('dcgm__default-counters') ?? assert.fail();
    const fields = [...list.matchAll(/^#? ?(DCGM_FI_\w+)/gm)].map(([, field]) => field);
    const known = DCGM_METRICS.filter((metric) => fields.includes(metric));
    assert.ok(known.length >= 13, known.join(', '));
  });
});

suite('values that are none', () => {
  test('words', () => {
    const words = ['N/A', '[N/A]', '[Not Supported]', '[Unknown Error]', '[GPU requires reset]', ' '];
    for (const word of words) assert.equal(said(word), undefined, word);
    assert.equal(numberIn('[Not Supported]'), undefined);
    assert.equal(numberIn('26.20 W'), 26.2);
  });

  test('blanks of DCGM', () => {
    const blanks = [
      2_147_483_632,
      2_147_483_634,
      140_737_488_355_328,
      Number('9223372036854775794'),
      Number.NaN,
    ];
    for (const blank of blanks) assert.equal(measured(blank), undefined, String(blank));
    assert.equal(measured(0), 0);
  });

  test('a mask without a bit that slows down', () => {
    assert.equal(throttleOf(0), 'none');
    assert.equal(throttleOf(0x1), 'idle');
    assert.equal(throttleOf(0x24), 'thermal');
    assert.equal(throttleOf(undefined), undefined);
  });

  test('lines that are no card', () => {
    const names = headerOf('uuid, name, memory.used [MiB]');
    assert.equal(cardIn('No devices were found', names), undefined);
    assert.equal(cardIn('GPU-<script>, x, 5 MiB', names), undefined);
    assert.deepEqual(processesIn('No running processes found\n'), new Map());
  });
});
