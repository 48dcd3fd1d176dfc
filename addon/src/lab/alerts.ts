import Type from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { LabError } from '../core/errors.ts';

export const acknowledgeAlerts = defineAction({
  id: 'acknowledge_alerts',
  title: 'Acknowledge alerts',
  description:
    'Tells what watches the lab that somebody saw an alert, or all that are active. They end as they would have ended.',
  de: {
    title: 'Alarme bestätigen',
    description:
      'Sagt dem, was das Labor überwacht, dass jemand einen Alarm gesehen hat, oder alle, die anstehen. Sie ' +
      'enden, wie sie sonst geendet hätten.',
  },
  risk: 'operate',
  kinds: ['monitor'],
  input: Type.Object(
    {
      alert: Type.Optional(
        Type.String({
          ...{ minLength: 1, maxLength: 500 },
          title: 'Alert',
          description: 'Id of one alert, as its event tells it. Left out: all that are active.',
          de: {
            title: 'Alarm',
            description:
              'Kennung eines Alarms, wie sein Ereignis sie nennt. Ohne Angabe: alle, die anstehen.',
          },
        }),
      ),
    },
    { additionalProperties: false },
  ),
  plan: ({ input: { alert } }) => [
    {
      name: 'Acknowledge',
      run: async (context) => {
        const { target, signal, note } = context;
        const acknowledged = await alertsOf(context).acknowledge(target.id, alert, signal);
        note({ result: { acknowledged } });
      },
      happened: async ({ target }) => isAcknowledged(target, alert),
    },
  ],
});

/** Never false: what was sent may not be seen yet. */
function isAcknowledged(
  target: ActionContext<unknown>['target'],
  alert: string | undefined,
): true | undefined {
  if (target.kind !== 'monitor') return undefined;
  const { unacknowledged, active } = target.readings;
  if (unacknowledged === 0) return true;
  return active.some(({ id, acknowledged }) => id === alert && acknowledged) ? true : undefined;
}

function alertsOf({ capabilities, target }: ActionContext<unknown>): Capabilities['alerts'] {
  const alerts = capabilities.for(target.id, 'alerts');
  if (alerts !== undefined) return alerts;
  throw new LabError('target_unsuitable', `${target.name} has no alerts that could be acknowledged`);
}
