import Type, { type Static } from 'typebox';
import { fateFields, guestName, networkFields, sizeFields, sshKeysField } from './new-guest.ts';

const optional = Type.Optional;

/** A new virtual machine: from a template, an image or an ISO, exactly one of them. */
export const createVmInput = Type.Object(
  {
    name: guestName,
    template: optional(
      Type.Integer({
        ...{ minimum: 100, maximum: 999_999_999, title: 'Template' },
        description: 'VM id of the template that it is copied from, as a whole.',
        de: { title: 'Vorlage', description: 'VM-ID der Vorlage, von der sie als Ganzes kopiert wird.' },
      }),
    ),
    image_url: optional(
      Type.String({
        ...{
          pattern:
            '^https?://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~/%+=-]+\\.(vmdk|(qcow2|img|raw)(\\.xz)?)$',
          maxLength: 1_000,
        },
        ...{
          title: 'Image',
          examples: [
            'https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2',
          ],
        },
        description:
          'Address of a cloud image, which its node downloads, or of an image packed with xz, which Labkeeper unpacks on the ' +
          'way to a storage. It takes “Checksum”.',
        de: {
          title: 'Image',
          description:
            'Adresse eines Cloud-Images, das der Knoten herunterlädt, oder eines mit xz gepackten Images, das Labkeeper auf ' +
            'dem Weg zu einem Speicher entpackt. Dazu gehört „Prüfsumme“.',
        },
      }),
    ),
    image_checksum: optional(
      Type.String({
        ...{ pattern: '^([0-9a-fA-F]{64}|[0-9a-fA-F]{128}|https://[^\\s]{1,900})$', title: 'Checksum' },
        description:
          'SHA-256 or SHA-512 of that image in hex digits, or the address of its publisher’s list of them.',
        de: {
          title: 'Prüfsumme',
          description:
            'SHA-256 oder SHA-512 dieses Images in Hexziffern, oder die Adresse der Liste dessen, der es herausgibt.',
        },
      }),
    ),
    iso: optional(
      Type.String({
        ...{ pattern: '^[A-Za-z][A-Za-z0-9._-]*:iso/[A-Za-z0-9._+=() -]+$', maxLength: 255 },
        ...{ title: 'ISO', examples: ['local:iso/debian-12.9.0-amd64-netinst.iso'] },
        description: 'ISO image on a storage, which it is installed from by hand.',
        de: {
          title: 'ISO',
          description: 'ISO-Image auf einem Speicher, von dem sie von Hand installiert wird.',
        },
      }),
    ),
    ...sizeFields,
    ...networkFields,
    user: optional(
      Type.String({
        ...{ pattern: '^[a-z_][a-z0-9_-]{0,31}$', title: 'User' },
        description: 'User that cloud-init makes, who may do everything. Left out: that of the image.',
        de: {
          title: 'Benutzer',
          description: 'Benutzer, den cloud-init anlegt und der alles darf. Ohne Angabe: der des Images.',
        },
      }),
    ),
    ssh_keys: sshKeysField,
    user_data: optional(
      Type.String({
        ...{ maxLength: 60_000, secret: true, title: 'User data' },
        description:
          'Own user data for cloud-init (“#cloud-config …” or a script), done at the first boot. It may hold secrets and ' +
          'is kept nowhere; the guest agent is installed with it.',
        de: {
          title: 'User-Data',
          description:
            'Eigene User-Data für cloud-init („#cloud-config …“ oder ein Skript), beim ersten Start ausgeführt. Sie darf ' +
            'Geheimnisse enthalten und wird nirgends behalten; der Gast-Agent wird damit installiert.',
        },
      }),
    ),
    firmware: optional(
      Type.Enum(['bios', 'uefi'], {
        ...{ default: 'bios', title: 'Firmware' },
        description: 'bios (SeaBIOS), or uefi (OVMF on machine type q35). A template keeps its own.',
        de: {
          title: 'Firmware',
          description:
            'bios (SeaBIOS) oder uefi (OVMF auf Maschinentyp q35). Eine Vorlage behält ihre eigene.',
        },
      }),
    ),
    ...fateFields,
  },
  { additionalProperties: false },
);
export type CreateVmInput = Static<typeof createVmInput>;
