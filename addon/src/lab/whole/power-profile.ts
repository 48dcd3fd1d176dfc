import Type from 'typebox';
import { defineAction, type Step } from '../../contract/action.ts';
import type { Check } from '../../contract/step.ts';
import { LabError } from '../../core/errors.ts';
import type { LabResource, LabResourceOf } from '../../kinds/index.ts';
import { wavesOf } from './order.ts';
import { meant } from './references.ts';
import { isOn, switchAll } from './switching.ts';
import { checkFresh, heard, labOf, listed, namesOf, resourcesOf } from './view.ts';

const input = Type.Object(
  {
    profile: Type.String({
      ...{ pattern: '^[a-z][a-z0-9_]{0,31}$', examples: ['night'], title: 'Profile' },
      description: 'Its id in power-profiles.yaml.',
      de: { title: 'Profil', description: 'Seine Kennung in power-profiles.yaml.' },
    }),
  },
  { additionalProperties: false },
);
type Input = { readonly profile: string };

interface Decided {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Ids, in the order in which they are switched. */
  readonly on: readonly (readonly string[])[];
  readonly off: readonly (readonly string[])[];
  readonly names: Readonly<Record<string, string>>;
}

export const applyPowerProfile = defineAction({
  id: 'apply_power_profile',
  title: 'Apply power profile',
  description:
    'Starts and ends what a profile of power-profiles.yaml names: nodes and servers first when they are started, last when they are ' +
    'ended. What it does not name stays as it is.',
  de: {
    title: 'Energieprofil anwenden',
    description:
      'Startet und beendet, was ein Profil aus power-profiles.yaml nennt: Knoten und Server werden zuerst gestartet und zuletzt beendet. ' +
      'Alles andere bleibt, wie es ist.',
  },
  risk: 'disrupt',
  kinds: ['app'],
  input,
  prepare: async (context) => {
    const lab = labOf(context);
    const all = [...lab.all()];
    const profiles = await lab.powerProfiles();
    const profile = profiles.find(({ id }) => id === context.input.profile);
    const on = meant(profile?.on ?? [], all);
    const off = meant(profile?.off ?? [], all);
    const changes = {
      on: orderOf(
        on.found.filter((one) => isOn(one) !== true),
        all,
      ),
      off: orderOf(
        off.found.filter((one) => isOn(one) !== false),
        all,
      ).toReversed(),
    };
    return {
      decided: {
        ...changes,
        at: lab.now(),
        names: namesOf(lab.get, [...changes.on.flat(), ...changes.off.flat()]),
      } satisfies Decided,
      checks: [
        profile === undefined
          ? {
              ...{ name: 'Profile', ok: false, message: `there is no profile “${context.input.profile}”` },
              hint: `power-profiles.yaml has: ${profiles.map(({ id }) => id).join(', ') || 'none'}`,
            }
          : { name: 'Profile', ok: true, message: profile.title },
        namesCheck([...on.problems, ...off.problems, ...both(on.found, off.found)]),
        lifelineCheck(off.found, lab.lifeline()),
      ],
      fingerprint: JSON.stringify(changes),
    };
  },
  plan: (context) => {
    const { on, off, names } = context.decided as unknown as Decided;
    return [
      ...on.map((ids) => wave(true, `Start ${listed(names, ids)}`, ids)),
      ...off.map((ids) => wave(false, `End ${listed(names, ids)}`, ids)),
      ...(on.length + off.length > 0 ? [verdict(names)] : []),
    ];
  },
});

/** As they are started: servers, nodes, guests by their own order, then what runs in them. */
function orderOf(some: readonly LabResource[], all: readonly LabResource[]): readonly (readonly string[])[] {
  const of = (...kinds: readonly string[]): readonly string[] =>
    some.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  const guests = some.filter((one): one is LabResourceOf<'guest'> => one.kind === 'guest');
  return [of('server'), of('node'), ...wavesOf(guests, all), of('stack', 'container')].filter(
    ({ length }) => length > 0,
  );
}

const both = (on: readonly LabResource[], off: readonly LabResource[]): readonly string[] =>
  on.filter((one) => off.includes(one)).map(({ name }) => `${name} is to run and not to run`);

const namesCheck = (problems: readonly string[]): Check =>
  problems.length === 0
    ? { name: 'Names', ok: true, message: 'all of them are in the lab' }
    : { name: 'Names', ok: false, message: problems.join('; '), hint: 'change power-profiles.yaml' };

function lifelineCheck(off: readonly LabResource[], lifeline: readonly string[] | undefined): Check {
  const name = 'Lifeline';
  if (off.length === 0) return { name, ok: true, message: 'nothing is ended' };
  if (lifeline === undefined) {
    return {
      ...{ name, ok: false, message: 'it is not known what Labkeeper itself runs on' },
      hint: 'set the option “self” to the id of the guest or container that Labkeeper runs on, or to “none”',
    };
  }
  const own = off.filter(({ id }) => lifeline.includes(id)).map((one) => one.name);
  return own.length === 0
    ? { name, ok: true, message: 'Labkeeper needs none of what is ended' }
    : { name, ok: false, message: `Labkeeper itself needs ${own.join(', ')}`, hint: 'take it out of “off”' };
}

const verdict = (names: Readonly<Record<string, string>>): Step<Input> => ({
  name: 'See what could not be switched',
  run: async ({ kept }) => {
    const failed = (kept.failed as string[] | undefined) ?? [];
    if (failed.length === 0) return;
    throw new LabError('source_refused', `${listed(names, failed)} could not be switched`, {
      hint: 'the log of the job says why',
    });
  },
  happened: async () => false,
});

/** What one refuses keeps no other from it, and makes the job fail in the end. */
const wave = (on: boolean, name: string, ids: readonly string[]): Step<Input> => {
  let isHeard: (() => boolean) | undefined;
  return {
    name,
    calls: ids.map((id) => `${on ? 'start' : 'end'} ${id}`),
    run: async (context) => {
      const lab = labOf(context);
      checkFresh(lab, context);
      const left = resourcesOf(lab, ids).filter((one) => isOn(one) !== on);
      const failed = await switchAll(on, left, context.capabilities, context.signal, (log) =>
        context.note({ log }),
      );
      const before = (context.kept.failed as string[] | undefined) ?? [];
      const all = [...before, ...failed];
      context.note({ keep: { failed: all }, result: { failed: all } });
    },
    happened: async (context) => {
      const lab = labOf(context);
      checkFresh(lab, context);
      isHeard ??= heard(lab, ids);
      if (!isHeard()) return undefined;
      return ids.every((id) => isOn(lab.get(id)) === on);
    },
  };
};
