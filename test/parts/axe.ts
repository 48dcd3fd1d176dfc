import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Looks for the first element of this name, through all shadow roots, and has axe look at it. Runs in the page. */
const LOOK = `async (tag) => {
  const find = (root) => {
    for (const each of root.querySelectorAll('*')) {
      if (each.localName === tag) return each;
      const within = each.shadowRoot && find(each.shadowRoot);
      if (within) return within;
    }
  };
  const element = find(document);
  if (element === undefined) throw new Error('there is no ' + tag);
  const { violations, passes } = await axe.run(element);
  return {
    violations: violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)),
    rules: passes.length,
  };
}`;

/** What axe finds in the first element of this name: violations, one a line, and how many rules found no fault. */
export async function axeOf(
  page: Page,
  tag: string,
): Promise<{ readonly violations: readonly string[]; readonly rules: number }> {
  // As a script of the page its policy would not let it in.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(`(${LOOK})(${JSON.stringify(tag)})`);
}
