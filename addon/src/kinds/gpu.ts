import Type from 'typebox';
import { planReadings, planRows } from './gpu-plan.ts';
import { loadRows, stateRows, THROTTLES } from './gpu-rows.ts';
import { defineKind } from './rows.ts';
import { integer, number, oneOf, text } from './schema.ts';

const key = Type.String({ description: 'its name in topics; never changes' });
const title = Type.String({ description: 'its name, as the card’s driver tells it' });

/** A graphics card. What its driver does not tell is left out: cards for players tell less than those for servers. */
export const gpu = defineKind({
  kind: 'gpu',
  title: { en: 'GPU', de: 'GPU' },
  readings: Type.Object({
    utilization: Type.Optional(number('time in which something ran on it', '%')),
    vram_used: Type.Optional(number('video memory in use, with what its driver takes', 'GiB')),
    vram_free: Type.Optional(number('video memory that is free', 'GiB')),
    vram_total: Type.Optional(number('video memory', 'GiB')),
    temperature: Type.Optional(number('of its chip', '°C')),
    memory_temperature: Type.Optional(number('of its memory', '°C')),
    fan: Type.Optional(number('speed that its fan is told to have, of its full one', '%')),
    power: Type.Optional(number('power that it takes', 'W')),
    power_limit: Type.Optional(number('power that it may take', 'W')),
    energy: Type.Optional(number('energy that it took, since it is looked at', 'kWh')),
    clock: Type.Optional(number('clock of its processors', 'MHz')),
    memory_clock: Type.Optional(number('clock of its memory', 'MHz')),
    pstate: Type.Optional(text('performance state, from “P0”, the fastest, to “P15”')),
    throttle: Type.Optional(oneOf(THROTTLES, 'the gravest of what slows it down; “idle” is no trouble')),
    encoder: Type.Optional(number('time in which it encoded video', '%')),
    decoder: Type.Optional(number('time in which it decoded video', '%')),
    pcie_gen: Type.Optional(
      integer('generation of its link at present; it goes down while nothing is to be done'),
    ),
    pcie_width: Type.Optional(integer('lanes of its link at present')),
    ecc_corrected: Type.Optional(integer('memory errors that were corrected, in its life')),
    ecc_uncorrected: Type.Optional(integer('memory errors that were not corrected, in its life')),
    last_xid: Type.Optional(integer('number of the error that its driver reported last; 0: none')),
    busy_hours: Type.Optional(number('time that it had something to do, since it is looked at', 'h')),
    processes: Type.Optional(
      Type.Array(
        Type.Object({
          key,
          title,
          pid: integer('process id, on the machine that runs it'),
          vram: Type.Optional(number('video memory that it has', 'GiB')),
          container: Type.Optional(Type.String({ description: 'id of the container that it runs in' })),
        }),
        { description: 'what uses it for computing; left out where the driver does not tell' },
      ),
    ),
    ...planReadings,
  }),
  rows: [...loadRows, ...stateRows, ...planRows],
});
