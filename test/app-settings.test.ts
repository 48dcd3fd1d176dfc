import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { settingsOf } from '../addon/src/config/settings.ts';

test('DOCS.md has every setting that the environment may hold, and no other', () => {
  const read = new Set<string>();
  const environment = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, name) => {
        read.add(String(name));
        return undefined;
      },
    },
  );
  settingsOf(environment);
  assert.ok(read.has('LABKEEPER_OPTIONS'));
  const docs = readFileSync(new URL('../DOCS.md', import.meta.url), 'utf8');
  const section = /^## Settings$([\s\S]*?)^## /m.exec(docs)?.[1] ?? '';
  const documented = [...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(documented.toSorted(), [...read].toSorted());
});
