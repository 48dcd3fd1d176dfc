import Type, { type Static } from 'typebox';
import { fateFields, guestName, networkFields, sizeFields, sshKeysField } from './new-guest.ts';

const optional = Type.Optional;

/** A new container: from a template or an OCI image, one of them. */
export const createLxcInput = Type.Object(
  {
    name: guestName,
    template: optional(
      Type.String({
        ...{ pattern: '^[A-Za-z0-9][A-Za-z0-9._+-]{1,199}$', examples: ['debian-12-standard'] },
        title: 'Template',
        description:
          'Template of a system, as in debian-12-standard: the newest of that name. Fetched from the list of appliances ' +
          'where it is not there.',
        de: {
          title: 'Vorlage',
          description:
            'Vorlage eines Systems, etwa debian-12-standard: die neueste dieses Namens. Wird aus der Appliance-Liste ' +
            'geholt, falls sie fehlt.',
        },
      }),
    ),
    image: optional(
      Type.String({
        ...{
          pattern:
            '^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$',
        },
        ...{ maxLength: 255, examples: ['docker.io/rcourtman/pulse:latest'], title: 'OCI image' },
        description: 'Image of a registry, with its tag; Proxmox VE 9.1 and later.',
        de: { title: 'OCI-Image', description: 'Image einer Registry, mit seinem Tag; ab Proxmox VE 9.1.' },
      }),
    ),
    ...sizeFields,
    swap: optional(
      Type.Number({
        ...{ minimum: 0, maximum: 1_024, default: 0.5, title: 'Swap', description: 'Swap space in GiB.' },
        de: { title: 'Swap', description: 'Auslagerungsspeicher in GiB.' },
      }),
    ),
    ...networkFields,
    ssh_keys: sshKeysField,
    nesting: optional(
      Type.Boolean({
        ...{ default: true, title: 'Nesting' },
        description: 'Newer systems need it to run at all. It is unprivileged in any case.',
        de: {
          title: 'Nesting',
          description: 'Neuere Systeme laufen nur damit. Unprivilegiert ist er auf jeden Fall.',
        },
      }),
    ),
    ...fateFields,
  },
  { additionalProperties: false },
);
export type CreateLxcInput = Static<typeof createLxcInput>;
