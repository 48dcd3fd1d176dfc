import Type, { type Static } from 'typebox';

const FINGERPRINT = '([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}';

/** One server, by its management controller. */
export const redfishOptions = Type.Object(
  {
    url: Type.String({
      pattern: '^https://[^/\\s]+/?$',
      examples: ['https://idrac-r640.lan'],
      title: 'Address',
      description: 'Where the management controller answers, as in https://idrac-r640.lan.',
      de: {
        title: 'Adresse',
        description: 'Wo der Management-Controller antwortet, etwa https://idrac-r640.lan.',
      },
    }),
    username: Type.String({
      minLength: 1,
      examples: ['labkeeper'],
      title: 'User',
      description: 'User of the controller. To read, a read-only one; to switch the server, an operator.',
      de: {
        title: 'Benutzer',
        description: 'Benutzer des Controllers. Zum Lesen genügt „read-only“, zum Schalten „operator“.',
      },
    }),
    password: Type.String({
      minLength: 1,
      secret: true,
      title: 'Password',
      description: 'Password of the user.',
      de: { title: 'Passwort', description: 'Passwort des Benutzers.' },
    }),
    fingerprint: Type.Optional(
      Type.String({
        pattern: `^${FINGERPRINT}([\\s,]+${FINGERPRINT})*$`,
        examples: ['9D:3A:… (32 pairs of hex digits)'],
        title: 'Fingerprint',
        description: 'SHA-256 of the self-signed certificate: then this one is trusted and no other.',
        de: {
          title: 'Fingerabdruck',
          description: 'SHA-256 des selbst signierten Zertifikats: nur diesem wird dann vertraut.',
        },
      }),
    ),
    ca: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'Certificate authority',
        description: 'File (PEM) with the authority of the certificate, where that is your own.',
        de: {
          title: 'Zertifizierungsstelle',
          description: 'Datei (PEM) mit der Zertifizierungsstelle des Zertifikats, falls es eine eigene ist.',
        },
      }),
    ),
    verify_tls: Type.Optional(
      Type.Boolean({
        default: true,
        title: 'Verify the certificate',
        description: 'Off, anyone on the way can read the credentials; it shows as a warning.',
        de: {
          title: 'Zertifikat prüfen',
          description:
            'Aus: Wer dazwischen sitzt, kann die Zugangsdaten lesen; es wird als Warnung angezeigt.',
        },
      }),
    ),
    node: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['proxmox/home/node/pve1'],
        title: 'Carries',
        description:
          'Id of the node that runs on this server. Left out: found by the serials of its drives, else by its host name.',
        de: {
          title: 'Trägt',
          description:
            'Id des Knotens, der auf diesem Server läuft. Ohne Angabe: an den Seriennummern der Datenträger erkannt, ' +
            'sonst am Rechnernamen.',
        },
      }),
    ),
  },
  {
    title: 'Redfish',
    description: 'Servers by their management controllers: iDRAC, iLO, XClarity, OpenBMC and others.',
    de: {
      title: 'Redfish',
      description: 'Server über ihre Management-Controller: iDRAC, iLO, XClarity, OpenBMC und andere.',
    },
  },
);

export type RedfishOptions = Static<typeof redfishOptions>;
