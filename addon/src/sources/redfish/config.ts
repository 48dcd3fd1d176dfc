import Type, { type Static } from 'typebox';
import { trustOptions } from '../../contract/trust-options.ts';

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
    ...trustOptions(),
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
