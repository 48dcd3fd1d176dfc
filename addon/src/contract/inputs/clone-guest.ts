import Type, { type Static } from 'typebox';
import { guestName, poolField } from './new-guest.ts';

/** A copy of a guest. */
export const cloneGuestInput = Type.Object(
  {
    name: guestName,
    linked: Type.Optional(
      Type.Boolean({
        ...{ default: false, title: 'Linked' },
        description:
          'Take only what differs from a snapshot, which both need from then on. Left out: a whole copy.',
        de: {
          title: 'Verknüpft',
          description:
            'Nur aufnehmen, was vom Snapshot abweicht, den dann beide brauchen. Ohne Angabe: eine ganze Kopie.',
        },
      }),
    ),
    snapshot: Type.Optional(
      Type.String({
        ...{ pattern: '^[A-Za-z][A-Za-z0-9_-]{1,39}$', title: 'Snapshot' },
        description: 'Copy what it held then. Left out: what it holds now.',
        de: {
          title: 'Snapshot',
          description: 'Kopieren, was er damals enthielt. Ohne Angabe: was er jetzt enthält.',
        },
      }),
    ),
    storage: Type.Optional(
      Type.String({
        ...{ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,62}$', title: 'Storage' },
        description: 'For its disks, of a whole copy. Left out: where those of the guest are.',
        de: {
          title: 'Speicher',
          description: 'Für seine Platten, bei einer ganzen Kopie. Ohne Angabe: wo die des Gasts liegen.',
        },
      }),
    ),
    pool: poolField,
    start: Type.Optional(
      Type.Boolean({
        ...{ default: false, title: 'Start', description: 'Start the copy.' },
        de: { title: 'Starten', description: 'Die Kopie starten.' },
      }),
    ),
  },
  { additionalProperties: false },
);
export type CloneGuestInput = Static<typeof cloneGuestInput>;

/** Nothing is asked: a guest is deleted as a whole, or not. */
export const deleteGuestInput = Type.Object({}, { additionalProperties: false });
