import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KEYS } from '../addon/src/record/words.ts';

const SOURCES = fileURLToPath(new URL('../addon/src/sources', import.meta.url));

/** The fields of what systems answer: of the interfaces in `wire.ts`, and of those that are called rows. */
function fieldsRead(): readonly string[] {
  return globSync('**/*.ts', { cwd: SOURCES }).flatMap((file) => {
    const text = readFileSync(path.join(SOURCES, file), 'utf8');
    const name = path.basename(file) === 'wire.ts' ? '\\w+' : '\\w*Row';
    const blocks = [...text.matchAll(new RegExp(`interface ${name}\\b[^{]*\\{(.*?)\\n\\}`, 'gs'))];
    return blocks.flatMap(([, block = '']) =>
      [...block.matchAll(/readonly '?([\w@.-]+)'?\??:/g)].map(([, field = '']) => field),
    );
  });
}

test('every field that sources read passes into recordings', () => {
  const fields = fieldsRead();
  assert.ok(fields.length > 400 && fields.includes('vmid'));
  const missing = [...new Set(fields)].filter((field) => !KEYS.has(field));
  assert.deepEqual(missing, [], 'add these to KEYS in record/words.ts');
});
