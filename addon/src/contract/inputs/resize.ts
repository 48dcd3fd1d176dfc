import Type, { type Static } from 'typebox';

/** What a guest shall have afterwards: absolute, so asking twice changes nothing more. */
export const resizeInput = Type.Object(
  {
    cpus: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: 512 },
        title: 'CPUs',
        description: 'How many virtual CPUs it has afterwards, of all sockets together.',
        de: { title: 'CPUs', description: 'Wie viele virtuelle CPUs er danach hat, alle Sockel zusammen.' },
      }),
    ),
    memory: Type.Optional(
      Type.Number({
        ...{ minimum: 0.0625, maximum: 16_384 },
        title: 'Memory (GiB)',
        description: 'How much memory it has afterwards, in GiB.',
        de: { title: 'Speicher (GiB)', description: 'Wie viel Arbeitsspeicher er danach hat, in GiB.' },
      }),
    ),
    size: Type.Optional(
      Type.Number({
        ...{ minimum: 0.001, maximum: 1_048_576 },
        title: 'Size of the disk (GiB)',
        description: 'How large the disk is afterwards, in GiB. Disks grow only.',
        de: {
          title: 'Größe der Disk (GiB)',
          description: 'Wie groß die Disk danach ist, in GiB. Disks wachsen nur.',
        },
      }),
    ),
    disk: Type.Optional(
      Type.String({
        ...{ pattern: '^(?:(?:ide|sata|scsi|virtio|mp)\\d{1,3}|rootfs)$', examples: ['scsi0'] },
        title: 'Disk',
        description: 'Which disk grows, as Proxmox VE names it. Left out: its only one.',
        de: {
          title: 'Disk',
          description: 'Welche Disk wächst, wie Proxmox VE sie nennt. Ohne Angabe: seine einzige.',
        },
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type ResizeInput = Static<typeof resizeInput>;
