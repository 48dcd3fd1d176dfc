import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { JsonScrubber } from '../addon/src/record/json.ts';
import { rulesOf } from '../addon/src/record/rules.ts';
import { Scrubber } from '../addon/src/record/scrubber.ts';

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
  const json = new JsonScrubber(rulesOf('any'), new Scrubber());
  const passes = (field: string): boolean => field in (json.scrub({ [field]: 1 }) as object);
  const missing = [...new Set(fields)].filter((field) => !passes(field));
  assert.deepEqual(missing, [], 'add these to KEYS in record/words.ts');
});
