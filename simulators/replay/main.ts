import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCapture } from './capture-file.ts';
import { startReplay } from './server.ts';

/** `npm run replay -- FILE`: plays a capture until Ctrl+C, and says how to start Labkeeper with it. */
const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Which capture? npm run replay -- labkeeper-capture-….jsonl.gz\n');
  process.exit(1);
}
const capture = await readCapture(file);
const replay = await startReplay(capture);
const folder = await mkdtemp(path.join(tmpdir(), 'labkeeper-replay-'));
const options = path.join(folder, 'options.json');
// This machine is no part of that lab.
await writeFile(options, JSON.stringify({ self: 'none', ...replay.options }, null, 2));
const { version, seconds, systems, cut } = capture.head;
process.stdout.write(`
${systems.map(({ source }) => source).join(', ')}: ${capture.lines.length} answers of ${seconds} s, recorded by ${version}${cut ? ', cut short' : ''}

  LABKEEPER_OPTIONS=${options} LABKEEPER_DATA=${folder} LABKEEPER_OPEN=loopback npm start

Ctrl+C ends it.
`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const one of replay.unknown) process.stdout.write(`not in this capture: ${one}\n`);
    void replay.close();
  });
}
