// npm run bench [-- latency docker-stats state-layout memory]: prints the tables of docs/performance.md.
import { dockerStats } from './docker-stats.ts';
import { latency } from './latency.ts';
import { machine } from './measure.ts';
import { memory } from './memory.ts';
import { stateLayout } from './state-layout.ts';

const BENCHES = new Map(
  Object.entries({ latency, 'docker-stats': dockerStats, 'state-layout': stateLayout, memory }),
);

const asked = process.argv.slice(2);
console.log(`${machine()}, ${new Date().toISOString().slice(0, 10)}\n`);
for (const name of asked.length > 0 ? asked : BENCHES.keys()) {
  const bench = BENCHES.get(name);
  if (bench === undefined)
    throw new Error(`there is no bench “${name}”, only ${[...BENCHES.keys()].join(', ')}`);
  console.log(await bench());
}
process.exit(0);
