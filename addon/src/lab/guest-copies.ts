import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';

const ABOUT = Type.Object(
  { about: Type.Optional(Type.String({ maxLength: 200, description: 'What it is for.' })) },
  { additionalProperties: false },
);

type About = { readonly about?: string };

export const snapshotNow = defineAction({
  id: 'snapshot_now',
  title: 'Snapshot now',
  description:
    'Freezes the disks of a guest under a name with date and time, so that it can be rolled back to that. Its ' +
    'memory is not kept.',
  risk: 'operate',
  kinds: ['guest'],
  input: ABOUT,
  plan: () => [
    {
      name: 'Take a snapshot',
      run: async (context) => {
        const { target, signal, note } = context;
        const snapshot = context.capabilities.for(target.id, 'snapshot');
        if (snapshot === undefined) throw cannot(context, 'keeps no snapshots');
        note({ result: { snapshot: await snapshot.take(target.id, aboutOf(context), signal, note) } });
      },
    },
  ],
});

export const backupNow = defineAction({
  id: 'backup_now',
  title: 'Back up now',
  description: 'Backs a guest up while it runs. Older backups are left alone.',
  risk: 'operate',
  kinds: ['guest'],
  input: ABOUT,
  plan: () => [
    {
      name: 'Back up',
      run: async (context) => {
        const { target, signal, note } = context;
        const backup = context.capabilities.for(target.id, 'backup');
        if (backup === undefined) throw cannot(context, 'makes no backups');
        note({ result: { storage: await backup.take(target.id, aboutOf(context), signal, note) } });
      },
    },
  ],
});

/** Why and by whom, in one line. */
function aboutOf({ input, by }: ActionContext<About>): string {
  const who = by === undefined ? 'Labkeeper' : `Labkeeper (${by})`;
  const text = input.about === undefined ? who : `${input.about} · ${who}`;
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '').trim();
}

const cannot = ({ target }: ActionContext<unknown>, why: string): LabError =>
  new LabError('target_unsuitable', `the system of ${target.name} ${why}`);
