import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { Audience } from '../../contract/announcing.ts';
import { type AnnounceInput, announceInput } from '../../contract/inputs/announce.ts';
import type { Check, Preparation } from '../../contract/step.ts';
import { announcingOf, type Decided } from './decided.ts';
import { raise, restore, speak, verdict, wait } from './steps.ts';

export const announce = defineAction({
  id: 'announce',
  title: 'Announce',
  description:
    'Has media players and satellites of Home Assistant say something, also at another volume for so long. Who can go on ' +
    'with what it played does.',
  de: {
    title: 'Durchsagen',
    description:
      'Lässt Medienplayer und Satelliten von Home Assistant etwas sagen, auf Wunsch so lange in anderer Lautstärke. Wer ' +
      'danach weiterspielen kann, was lief, tut das.',
  },
  risk: 'operate',
  kinds: ['app'],
  input: announceInput,
  waits: false,
  prepare,
  plan: ({ decided, input: { message } }) => {
    const { mouths, volume } = decided as unknown as Decided;
    const said = speak(message, mouths);
    return volume === null
      ? [wait, said, verdict(message)]
      : [wait, raise(volume, mouths), said, restore(mouths), verdict(message)];
  },
});

async function prepare(context: ActionContext<AnnounceInput>): Promise<Preparation> {
  const announcing = announcingOf(context);
  const { input } = context;
  const defaults = await announcing.defaults();
  const isNamed = input.targets !== undefined || input.areas !== undefined;
  const { targets = [], areas = [] } = isNamed ? input : defaults;
  const audience = await announcing.find({
    ...{ targets, areas, language: input.language, engine: defaults.engine },
    // A language that was asked for outranks a voice that was not.
    voice: input.voice ?? (input.language === undefined ? defaults.voice : undefined),
  });
  const { mouths, narrator, silent, problems } = audience;
  return {
    decided: {
      ...{ mouths, silent, at: announcing.now() },
      ...{ volume: input.volume ?? defaults.volume ?? null, chime: input.chime ?? defaults.chime },
      ...(narrator !== undefined && { narrator }),
    } satisfies Decided,
    checks: [targetsCheck([...targets, ...areas], audience)],
    ...(silent.length > 0 && problems.length === 0 && { warnings: silent }),
  };
}

function targetsCheck(asked: readonly string[], { mouths, silent, problems }: Audience): Check {
  const name = 'Targets';
  if (asked.length === 0) {
    return {
      ...{ name, ok: false, message: 'nobody is named who could say it' },
      hint: 'give targets or areas, or set them in announcements.yaml',
    };
  }
  if (problems.length > 0 || mouths.length === 0) {
    const message = [...problems, ...silent].join('; ');
    return { name, ok: false, message, hint: 'see in Home Assistant what there is, then ask again' };
  }
  return { name, ok: true, message: mouths.map((mouth) => mouth.name).join(', ') };
}
