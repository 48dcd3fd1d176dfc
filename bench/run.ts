// npm run bench [-- latency docker-stats state-layout rest rest/30 discovery polling reaction container-calls voice card]: prints the tables of docs/performance.md.
import { card } from './card.ts';
import { containerCalls } from './container-calls.ts';
import { discovery } from './discovery.ts';
import { dockerStats } from './docker-stats.ts';
import { latency } from './latency.ts';
import { machine } from './measure.ts';
import { polling } from './polling.ts';
import { reaction } from './reaction.ts';
import { rest } from './rest.ts';
import { stateLayout } from './state-layout.ts';
import { voice } from './voice.ts';

type Bench = (only?: string) => Promise<string>;

const BENCHES = new Map<string, Bench>(
  Object.entries({
    latency,
    'docker-stats': dockerStats,
    'state-layout': stateLayout,
    rest,
    discovery,
    polling,
    reaction,
    'container-calls': containerCalls,
    voice,
    card,
  }),
);

const asked = process.argv.slice(2);
console.log(`${machine()}, ${new Date().toISOString().slice(0, 10)}\n`);
for (const each of asked.length > 0 ? asked : BENCHES.keys()) {
  const [name = '', only] = each.split('/');
  const bench = BENCHES.get(name);
  if (bench === undefined)
    throw new Error(`there is no bench “${name}”, only ${[...BENCHES.keys()].join(', ')}`);
  console.log(await bench(only));
}
process.exit(0);
