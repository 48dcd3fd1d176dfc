import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { bundleCard } from '../scripts/build/card.ts';

test('the cards are one module of less than 60 kB on the wire, with their graphs', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cards-'));
  const file = path.join(folder, 'www/labkeeper-card.js');
  const { gzipped } = await bundleCard(file);
  const code = await readFile(file, 'utf8');
  await rm(folder, { recursive: true });
  assert.ok(gzipped < 60_000, `${gzipped} bytes`);
  assert.doesNotMatch(code, /\bimport\s*(\(|["'{*])/, 'it loads nothing else');
  for (const tag of ['labkeeper-card', 'labkeeper-graph', 'll-strategy-dashboard-labkeeper'])
    assert.ok(code.includes(tag), tag);
});
