import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'node:test';
import { checkCardImports } from '../scripts/card-imports.ts';
import { readTree } from '../scripts/check-imports.ts';

const breaches = (file: string, text: string): readonly string[] =>
  checkCardImports(new Map([[file, text]])).map(({ message }) => message);

suite('imports of what browsers load', () => {
  test('the cards keep to their rooms', () => {
    const files = readTree(path.join(import.meta.dirname, '../frontend-card/src'));
    assert.ok(files.size > 40, 'the tree was found');
    assert.deepEqual(checkCardImports(files), []);
  });

  test('each room imports only what its row of the table names', () => {
    for (const [file, text] of [
      ['lab/tree.ts', "import { html } from 'lit';"],
      ['lab/tree.ts', "import { HassLab } from '../hass/from-hass.ts';"],
      ['parts/chip.ts', "import type { Hass } from '../hass/types.ts';"],
      ['page/shell.ts', "import { CardFrame } from '../cards/frame.ts';"],
      ['cards/frame.ts', "import uPlot from 'uplot';"],
      ['parts/chip.ts', "import { KINDS } from '../../../addon/src/kinds/index.ts';"],
      ['parts/chip.ts', "import '../main.ts';"],
      ['parts/chip.ts', "import { readFile } from 'node:fs/promises';"],
      ['attic/old.ts', "import '../lab/tree.ts';"],
    ] as const) {
      assert.equal(breaches(file, text).length, 1, `${file}: ${text}`);
    }
    assert.deepEqual(breaches('cards/frame.ts', "import { html } from 'lit';"), []);
    assert.deepEqual(breaches('main.ts', "import './cards/lab-card.ts';"), []);
  });
});
