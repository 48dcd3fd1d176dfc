import { loadBuildOut } from '../config/build-out.ts';
import type { Action } from '../contract/action.ts';
import type { BuildOut, BuildOutView, Sight } from '../contract/build-out.ts';
import { asLabError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { LabResource } from '../kinds/index.ts';
import { BUILD_OUT, BUILD_OUT_FILE } from '../lab/build-out/shipped.ts';
import { buildOutView } from '../lab/build-out/view.ts';
import type { Findings } from '../lab/findings.ts';
import { SELF_ID } from '../lab/self.ts';
import type { Store } from '../model/store.ts';
import { vocabularyOf } from './vocabulary.ts';

const OWNER = 'lab/build-out';

export interface BuildOutParts {
  readonly store: Store<LabResource>;
  readonly findings: Findings;
  readonly actions: readonly Action[];
  /** Of the files that people write beside the options; undefined: there is none. */
  readonly folder: string | undefined;
  readonly log: Log;
  readonly sights: () => readonly (Sight & { readonly configured: string })[];
}

/** Tells how far the lab is what it is to become: worked out when somebody asks and something has changed. */
export async function keepBuildOut(
  parts: BuildOutParts,
): Promise<{ view(): BuildOutView; readonly file: string }> {
  const { store, findings, actions, sights } = parts;
  const buildOut = await buildOutIn(parts);
  let known: { readonly sights: string; readonly view: BuildOutView } | undefined;
  store.subscribe((diff) => {
    // Labkeeper's own device tells of it: that is no news of the lab.
    if (diff.some(({ before, after }) => (after ?? before)?.id !== SELF_ID)) known = undefined;
  });
  findings.subscribe(() => {
    known = undefined;
  });
  const view = (): BuildOutView => {
    const all = findings.all();
    const seen = sights().map(({ configured, ...sight }) => ({
      ...sight,
      withheld: all
        .filter(
          ({ owner, about, severity }) =>
            owner === configured && severity !== 'info' && [owner, sight.owner].includes(about),
        )
        .map(({ title }) => title),
    }));
    const asSeen = JSON.stringify(seen);
    if (known?.sights !== asSeen) {
      const troubled = new Set(
        all.filter(({ severity }) => severity === 'problem').map(({ about }) => about),
      );
      known = {
        sights: asSeen,
        view: buildOutView(buildOut, { lab: store, sights: seen, troubled }, actions),
      };
    }
    return known.view;
  };
  return { view, file: BUILD_OUT_FILE };
}

/** A file that is wrong is said to be, and keeps nothing else from starting. */
async function buildOutIn({ folder, findings, actions, log }: BuildOutParts): Promise<BuildOut> {
  try {
    return (await loadBuildOut(folder, vocabularyOf(actions))) ?? BUILD_OUT;
  } catch (thrown) {
    const { message } = asLabError(thrown);
    log.error(`${message}; until that is right, the build-out is the one that comes with Labkeeper`);
    findings.report(OWNER, [
      {
        ...{ key: 'file', severity: 'warning', about: SELF_ID, title: 'The file of the build-out is wrong' },
        message: `${inOne(message)}. Until that is right, the build-out that comes with Labkeeper counts.`,
        remedy: 'Correct the file and start Labkeeper again.',
      },
    ]);
    return BUILD_OUT;
  }
}

/** Its lines in one, which says once in which file that is. */
function inOne(message: string): string {
  const [first = '', ...rest] = message.split('\n');
  const file = first.slice(0, first.indexOf(': ') + 2);
  return [first, ...rest.map((line) => (line.startsWith(file) ? line.slice(file.length) : line))].join('; ');
}
