// npm run chaos -- [--seed N] [--rounds N] [--only NAME]: what comes of faults; prints a table, and ends with 1 where something
// was not as it has to be. The same seed gives the same faults in the same order.
import { parseArgs } from 'node:util';
import { systemRounds } from './systems.ts';
import { tableOf } from './table.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, rounds: { type: 'string' }, only: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 100_000);
const rounds = Number(values.rounds ?? 1);
console.log(`seed ${seed}, ${rounds} rounds`);
const { courses, problems } = await systemRounds({ seed, rounds, only: values.only }, (line) =>
  console.log(line),
);
console.log(`\n${tableOf(courses)}`);
const all = [
  ...courses.flatMap(({ system, fault, problems: own }) => own.map((each) => `${system}: ${fault}: ${each}`)),
  ...problems,
];
console.log(all.length === 0 ? 'All as it has to be.' : `${all.length} problems:\n${all.join('\n')}`);
process.exit(all.length === 0 ? 0 : 1);
