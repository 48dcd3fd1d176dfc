import Type from 'typebox';
import { defineAction } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';

export const cancelJob = defineAction({
  id: 'cancel_job',
  title: 'Cancel job',
  description:
    'Has a job end before its next step, or at once where its system can stop what it does. What was done already stays; ' +
    'the job says what it leaves behind.',
  de: {
    title: 'Auftrag abbrechen',
    description:
      'Lässt einen Auftrag vor seinem nächsten Schritt enden, oder sofort, wo sein System das kann. Was schon ' +
      'getan ist, bleibt; der Auftrag sagt, was er hinterlässt.',
  },
  risk: 'operate',
  kinds: ['app'],
  // The job to be cancelled may be one of this target.
  waits: false,
  input: Type.Object(
    {
      job: Type.String({
        minLength: 1,
        maxLength: 100,
        title: 'Job',
        description: 'Its id.',
        de: { title: 'Auftrag', description: 'Seine Kennung.' },
      }),
    },
    { additionalProperties: false },
  ),
  plan: () => [
    {
      name: 'Cancel',
      run: async ({ target, capabilities, input }) => {
        const jobs = capabilities.for(target.id, 'jobs');
        if (jobs === undefined) throw new LabError('target_unsuitable', `${target.name} has no jobs`);
        jobs.cancel(input.job);
      },
    },
  ],
});
