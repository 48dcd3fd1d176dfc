// npm run chaos -- [--seed N] [--rounds N] [--kills N] [--only NAME]: what comes of faults; prints a table, and ends with 1 where
// something was not as it has to be. The same seed gives the same faults in the same order.
import { parseArgs } from 'node:util';
import { chanceOf } from '../../simulators/proxmox/chance.ts';
import { TROUBLES } from './own.ts';
import { beginning, startPair } from './pair.ts';
import { systemRounds } from './systems.ts';
import { lineOf, tableOf } from './table.ts';
import { leaked } from './told.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    rounds: { type: 'string', default: '1' },
    kills: { type: 'string', default: '10' },
    only: { type: 'string' },
  },
});
// `systems` and `Labkeeper` are the two halves.
const only = values.only === 'systems' ? undefined : values.only;
const say = (line: string): void => console.log(line);
say(`seed ${values.seed}, ${values.rounds} rounds`);
const { next } = chanceOf(Number(values.seed));

const pair = await startPair(next);
const troubles = TROUBLES.filter(
  ({ name }) => values.only === undefined || only === 'Labkeeper' || name === only,
);
const rounds = only !== undefined && troubles.length > 0 ? 0 : Number(values.rounds);
try {
  await beginning(pair);
  say(`both apps have the same ${pair.tried.broker.messages.size} messages`);
  const { courses, problems } = await systemRounds(pair, { rounds, only }, next, say);
  const own = [];
  for (const trouble of troubles) {
    const one = await trouble.run(pair, next, Number(values.kills));
    own.push(one);
    say(lineOf(one));
  }
  const all = [...courses, ...own];
  say(`\n${tableOf(all)}`);
  const wrong = all.flatMap(({ system, fault, problems: its }) =>
    its.map((each) => `${system}: ${fault}: ${each}`),
  );
  wrong.push(...problems, ...leaked(pair.tried, pair.lab.secrets));
  say(wrong.length === 0 ? 'All as it has to be.' : `${wrong.length} problems:\n${wrong.join('\n')}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await pair.stop();
}
process.exit();
