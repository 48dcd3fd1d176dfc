import Type from 'typebox';
import { aboutText } from '../contract/about.ts';
import { type ActionContext, defineAction } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';

const ABOUT = Type.Object(
  {
    about: Type.Optional(
      Type.String({
        ...{ maxLength: 200, title: 'What for', description: 'What it is for; kept with it.' },
        de: { title: 'Wofür', description: 'Wofür es ist; steht bei ihm.' },
      }),
    ),
  },
  { additionalProperties: false },
);

export const backupNow = defineAction({
  id: 'backup_now',
  title: 'Back up now',
  description: 'Backs a guest up while it runs. Older backups are left alone.',
  de: {
    title: 'Jetzt sichern',
    description: 'Sichert einen Gast, während er läuft. Ältere Backups bleiben unberührt.',
  },
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
        note({
          result: {
            storage: await backup.take(target.id, aboutText(context.input.about, context.by), signal, note),
          },
        });
      },
    },
  ],
});

const cannot = ({ target }: ActionContext<unknown>, why: string): LabError =>
  new LabError('target_unsuitable', `the system of ${target.name} ${why}`);
