// Feeds the decoder of the Wyoming protocol with random and mutated inputs: scripts/fuzz/wyoming.ts [INPUTS] [SEED]
import { fuzzWyoming } from '../../test/helpers/wyoming-fuzz.ts';

const inputs = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const before = process.memoryUsage.rss();
const started = performance.now();
const { understood, refused, held } = fuzzWyoming(inputs, seed);
const seconds = ((performance.now() - started) / 1_000).toFixed(1);
const grown = ((process.memoryUsage.rss() - before) / 1_024 ** 2).toFixed(1);
console.log(
  `${inputs} inputs (seed ${seed}) in ${seconds} s: ${understood} understood, ${refused} refused, none crashed it; ` +
    `a decoder held ${held} bytes at most, the process grew by ${grown} MiB`,
);
