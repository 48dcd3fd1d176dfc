import type { Action } from '../contract/action.ts';
import type { FieldTexts, Language, ServiceField } from './fields.ts';

/** A field that goes with an action beside its input. */
export interface EnvelopeField {
  readonly key: string;
  /** Before or after the action's own fields, or in the section that is closed at first. */
  readonly place: 'first' | 'last' | 'section';
  isFor(action: Action): boolean;
  field(action: Action): ServiceField;
  texts(action: Action): Readonly<Record<Language, FieldTexts>>;
}

export const SECTION = {
  key: 'advanced',
  texts: {
    en: { name: 'More', description: 'A dry run, how long to wait, and which Labkeeper.' },
    de: { name: 'Mehr', description: 'Ein Probelauf, wie lange gewartet wird und welcher Labkeeper.' },
  },
} as const;

const isWhole = ({ kinds }: Action): boolean => kinds.every((kind) => kind === 'app');

/** Home Assistant’s own way of saying what it is done to, and what Labkeeper’s API takes with every action. */
export const ENVELOPE: readonly EnvelopeField[] = [
  {
    key: 'device_id',
    place: 'first',
    isFor: (action) => !isWhole(action),
    field: ({ kinds }) => ({
      ...(!kinds.includes('app') && { required: true }),
      selector: { device: { multiple: true, filter: [{ integration: 'mqtt' }] } },
    }),
    texts: () => ({
      en: {
        name: 'Target',
        description: 'What it is done to, each by a job of its own. In YAML also names or ids of the lab.',
      },
      de: {
        name: 'Ziel',
        description:
          'Womit es geschieht, jedes mit einem eigenen Auftrag. In YAML auch Namen oder Kennungen des Labors.',
      },
    }),
  },
  {
    key: 'confirm',
    place: 'last',
    isFor: ({ risk }) => risk === 'disrupt' || risk === 'destroy',
    field: ({ risk }) => ({ selector: risk === 'destroy' ? { text: {} } : { boolean: {} } }),
    texts: ({ risk }) =>
      risk === 'destroy'
        ? {
            en: { name: 'Confirm', description: 'The name of the target: this cannot be taken back.' },
            de: {
              name: 'Bestätigen',
              description: 'Der Name des Ziels: Das lässt sich nicht zurücknehmen.',
            },
          }
        : {
            en: { name: 'Confirm', description: 'That it is meant: it interrupts what runs.' },
            de: { name: 'Bestätigen', description: 'Dass es so gemeint ist: Es unterbricht, was läuft.' },
          },
  },
  {
    key: 'dry_run',
    place: 'section',
    isFor: () => true,
    field: () => ({ selector: { boolean: {} } }),
    texts: () => ({
      en: { name: 'Dry run', description: 'Only answer what would be done.' },
      de: { name: 'Probelauf', description: 'Nur antworten, was geschehen würde.' },
    }),
  },
  {
    key: 'wait',
    place: 'section',
    isFor: () => true,
    field: () => ({
      selector: { number: { min: 0, max: 60, step: 1, mode: 'box', unit_of_measurement: 's' } },
    }),
    texts: () => ({
      en: {
        name: 'Wait',
        description:
          'Seconds to wait for the end, 60 at most. What is not over by then goes on. Left out: 10.',
      },
      de: {
        name: 'Warten',
        description:
          'Sekunden, die auf das Ende gewartet wird, höchstens 60. Was dann nicht fertig ist, läuft weiter. Ohne ' +
          'Angabe: 10.',
      },
    }),
  },
  {
    key: 'request_id',
    place: 'section',
    isFor: () => true,
    field: () => ({ selector: { text: {} } }),
    texts: () => ({
      en: {
        name: 'Request id',
        description:
          'The same one again makes no second job. Given with a dry run, the job is carried out as that said or ' +
          'not at all.',
      },
      de: {
        name: 'Kennung der Anfrage',
        description:
          'Noch einmal dieselbe macht keinen zweiten Auftrag. Mit einem Probelauf gegeben, wird der Auftrag so ' +
          'ausgeführt, wie der es sagte, oder gar nicht.',
      },
    }),
  },
  {
    key: 'config_entry_id',
    place: 'section',
    isFor: () => true,
    field: () => ({ selector: { config_entry: { integration: 'labkeeper' } } }),
    texts: () => ({
      en: { name: 'Labkeeper', description: 'Which one, where there are several.' },
      de: { name: 'Labkeeper', description: 'Welcher, wo es mehrere gibt.' },
    }),
  },
];
