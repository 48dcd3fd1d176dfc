import { Words } from '../lab/words/words.ts';
import { VIEWS } from './config.ts';

/** A field of a form, as Home Assistant draws it. */
interface Field {
  readonly name: string;
}

const number = (name: string, max: number, unit?: string): object => ({
  name,
  selector: {
    number: { min: 1, max, mode: 'box', ...(unit !== undefined && { unit_of_measurement: unit }) },
  },
});

/** The language of the page: a form is not told whose it is. */
const words = (): Words => new Words({ language: document.documentElement.lang || 'en', now: 0 });

const labels = {
  computeLabel: ({ name }: Field): string => words().find(`form_${name}`) ?? name,
  computeHelper: ({ name }: Field): string | undefined => words().find(`form_${name}_help`),
};

/** Of the card for the whole lab. */
export function labForm(): object {
  const { say } = { say: (key: string): string => words().find(key) ?? key };
  return {
    schema: [
      {
        name: 'view',
        selector: {
          select: {
            mode: 'dropdown',
            options: VIEWS.map((value) => ({ value, label: say(`view_${value}`) })),
          },
        },
      },
      { name: 'title', selector: { text: {} } },
      { name: '', type: 'grid', schema: [number('hours', 744, 'h'), number('fold', 10_000)] },
    ],
    ...labels,
  };
}

/** Of the cards for one thing. */
export const thingForm = (): object => ({
  schema: [
    { name: 'device', selector: { device: { filter: [{ integration: 'mqtt' }] } } },
    { name: 'title', selector: { text: {} } },
    number('hours', 744, 'h'),
  ],
  ...labels,
});
