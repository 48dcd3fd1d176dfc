import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import type { Program } from '../addon/src/contract/program.ts';
import type { SourceContext } from '../addon/src/contract/source.ts';
import { cardsGiven } from '../addon/src/sources/docker/cards.ts';
import type { ContainerInspect } from '../addon/src/sources/docker/wire.ts';
import { ContainerWay } from '../addon/src/sources/gpu/container-way.ts';
import { cudaIn, fieldsOf, Rounds } from '../addon/src/sources/gpu/csv.ts';
import { SmiLoop } from '../addon/src/sources/gpu/smi-loop.ts';
import { rtx3090, smiCsv } from '../simulators/gpu/index.ts';
import { anInspect } from './helpers/docker.ts';
import { FakeClock, settled } from './helpers/fake-clock.ts';
import { recordingLog } from './helpers/samples.ts';

const HEADER = fieldsOf(false).join(', ');
const LINE = smiCsv(rtx3090(), fieldsOf(false));
const OTHER = smiCsv(rtx3090({ uuid: 'GPU-77777777-0000-0000-0000-00000000000a' }), fieldsOf(false));
const { signal } = new AbortController();

/** A program whose lines the test writes. */
function programOf() {
  const lines = new PassThrough({ objectMode: true });
  const state = { closed: false, hangs: false };
  const program: Program = {
    lines,
    close: () => {
      state.closed = true;
      if (!state.hangs) lines.end();
    },
    isRunning: async () => state.hangs,
  };
  return {
    program,
    state,
    say: (...all: readonly string[]) => all.forEach((line) => void lines.write(line)),
  };
}

suite('one nvidia-smi that goes on', () => {
  test('tells round by round, and waits for the next', async () => {
    const { program, say } = programOf();
    const loop = new SmiLoop(program, new FakeClock(), 'here');
    say(HEADER, LINE);
    assert.equal((await loop.next(signal)).length, 1);
    const next = loop.next(signal);
    say('GPU-5d8c2f0e-9b3a, cut o', LINE);
    assert.equal((await next)[0]?.readings.power, 28.4);
  });

  test('is ended when it says nothing any more', async () => {
    const clock = new FakeClock();
    const { program, say, state } = programOf();
    const loop = new SmiLoop(program, clock, 'here');
    say(HEADER, LINE);
    await loop.next(signal);
    const next = assert.rejects(loop.next(signal), /no answer within 45 s/);
    await clock.advance(45_000);
    await next;
    assert.equal(state.closed, true);
    await assert.rejects(loop.next(signal));
  });

  test('is ended when nobody asks any more', async () => {
    const clock = new FakeClock();
    const { program, say, state } = programOf();
    const loop = new SmiLoop(program, clock, 'here');
    say(HEADER, LINE);
    await loop.next(signal);
    await clock.advance(119_000);
    assert.equal(state.closed, false);
    await clock.advance(2_000);
    assert.equal(state.closed, true);
  });

  test('says how it ended', async () => {
    const { program, say } = programOf();
    const loop = new SmiLoop(program, new FakeClock(), 'here');
    const next = assert.rejects(loop.next(signal), /in here ended: sh: nvidia-smi: not found/);
    say('sh: nvidia-smi: not found');
    program.close();
    await next;
  });
});

test('a round has all cards, and ends where the next begins if one is missing', () => {
  const two = (line: string): string => line.replace(/^1,/, '2,');
  const rounds = new Rounds();
  const sizes = [HEADER, two(LINE), two(OTHER), two(LINE), two(LINE), 'No devices were found'].map(
    (line) => rounds.add(line)?.length,
  );
  assert.deepEqual(sizes, [undefined, undefined, 2, undefined, 1, undefined]);
});

test('the version of CUDA', () => {
  assert.equal(cudaIn('DRIVER version      : 595.71.05\nCUDA Version        : 13.2\n'), '13.2');
  assert.equal(cudaIn('Invalid combination of input arguments.'), undefined);
});

suite('by containers', () => {
  function wayOf(names: readonly string[], clock = new FakeClock()) {
    const started: {
      readonly id: string;
      readonly command: readonly string[];
      readonly of: ReturnType<typeof programOf>;
    }[] = [];
    const exec: Capabilities['exec'] = {
      withCards: () => names.map((id) => ({ id, seesAll: false })),
      open: async (id, command) => {
        const of = programOf();
        started.push({ id, command, of });
        if (!command.includes('-l')) setImmediate(of.program.close);
        return of.program;
      },
      processes: async () => new Map(),
    };
    const context = { owner: 'gpu/rack', clock, log: recordingLog(), capabilities: { for: () => exec } };
    const way = new ContainerWay('docker/ai', context as never as SourceContext);
    const loops = () => started.filter(({ command }) => command.includes('-l'));
    return { way, loops, names, clock };
  }

  test('an older driver is asked for less', async () => {
    const { way, loops } = wayOf(['one']);
    const first = assert.rejects(way.read(signal));
    await settled();
    loops()[0]?.of.say('Field "utilization.encoder" is not a valid field to query.');
    loops()[0]?.of.program.close();
    await first;
    const second = way.read(signal);
    await settled();
    const names = fieldsOf(true);
    loops()[1]?.of.say(names.join(', '), smiCsv(rtx3090(), names));
    assert.equal((await second)[0]?.readings.power, 28.4);
    assert.ok(!loops()[1]?.command.join(' ').includes('utilization.encoder'));
    await way.close();
  });

  test('the next one is taken where one fails', async () => {
    const { way, loops } = wayOf(['one', 'two']);
    const first = assert.rejects(way.read(signal), /in one ended/);
    await settled();
    loops()[0]?.of.program.close();
    await first;
    const second = way.read(signal);
    await settled();
    loops()[1]?.of.say(HEADER, LINE);
    assert.equal((await second).length, 1);
    assert.equal(loops()[1]?.id, 'two');
    await way.close();
    assert.equal(loops()[1]?.of.state.closed, true);
  });

  test('nothing is started beside one that cannot be ended', async () => {
    const { way, loops, clock } = wayOf(['one']);
    const first = assert.rejects(way.read(signal), /no answer within 45 s/);
    await settled();
    const { state } = loops()[0]?.of ?? assert.fail();
    state.hangs = true;
    await clock.advance(45_000);
    await first;
    await assert.rejects(way.read(signal), /still runs; none is started beside it/);
    assert.equal(loops().length, 1);
    state.hangs = false;
    const next = way.read(signal);
    await settled();
    loops()[1]?.of.say(HEADER, LINE);
    assert.equal((await next).length, 1);
    await way.close();
  });
});

test('which containers have cards', () => {
  const given = (HostConfig: object, Env: readonly string[] = []): unknown => {
    const inspect = anInspect();
    return cardsGiven({
      ...inspect,
      Config: { ...inspect.Config, Env },
      HostConfig,
    } as ContainerInspect);
  };
  const visible = (what: string) => [`NVIDIA_VISIBLE_DEVICES=${what}`];
  assert.equal(given({}), undefined);
  assert.equal(given({}, visible('all')), undefined);
  assert.equal(given({ Runtime: 'nvidia' }, visible('all')), 'all');
  assert.equal(given({ Runtime: 'nvidia' }, visible('void')), undefined);
  assert.equal(given({ Runtime: 'nvidia' }, visible('0')), 'some');
  assert.equal(given({ DeviceRequests: [{ Driver: '', Count: -1, Capabilities: [['gpu']] }] }), 'all');
  assert.equal(given({ DeviceRequests: [{ Count: 1, Capabilities: [['gpu', 'utility']] }] }), 'some');
  assert.equal(given({ DeviceRequests: [{ Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=all'] }] }), 'all');
  assert.equal(given({ DeviceRequests: [{ Driver: 'cdi', DeviceIDs: ['intel.com/gpu=0'] }] }), undefined);
  assert.equal(given({ Devices: [{ PathOnHost: '/dev/nvidia0' }] }), 'some');
});
