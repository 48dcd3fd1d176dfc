import Type, { type Static } from 'typebox';
import type { OptionProblem } from '../../contract/source.ts';
import { trustOptions } from '../../contract/trust-options.ts';

/** One site of one controller. */
export const unifiOptions = Type.Object(
  {
    url: Type.String({
      pattern: '^https://[^/\\s]+/?$',
      examples: ['https://cloudkey.lan:8443'],
      title: 'Address',
      description:
        'Where the controller answers: with port 8443 for one of its own (CloudKey, self-hosted), without for a ' +
        'console with UniFi OS.',
      de: {
        title: 'Adresse',
        description:
          'Wo der Controller antwortet: ein eigenständiger (CloudKey, selbst betrieben) mit Port 8443, eine Konsole ' +
          'mit UniFi OS ohne.',
      },
    }),
    username: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['labkeeper'],
        title: 'User',
        description: 'A local user of the controller, without a second factor.',
        de: {
          title: 'Benutzer',
          description: 'Ein lokaler Benutzer des Controllers, ohne zweiten Faktor.',
        },
      }),
    ),
    password: Type.Optional(
      Type.String({
        minLength: 1,
        secret: true,
        title: 'Password',
        description: 'Password of the user.',
        de: { title: 'Passwort', description: 'Passwort des Benutzers.' },
      }),
    ),
    api_key: Type.Optional(
      Type.String({
        minLength: 1,
        secret: true,
        title: 'API key',
        description: 'Key of a console with UniFi OS, in place of user and password.',
        de: {
          title: 'API-Schlüssel',
          description: 'Schlüssel einer Konsole mit UniFi OS, statt Benutzer und Passwort.',
        },
      }),
    ),
    site: Type.Optional(
      Type.String({
        minLength: 1,
        default: 'default',
        title: 'Site',
        description: 'The site, by its name or as its address in the controller has it.',
        de: {
          title: 'Standort',
          description:
            'Der Standort (site), mit seinem Namen oder wie er in der Adresse des Controllers steht.',
        },
      }),
    ),
    clients: Type.Optional(
      Type.Array(Type.String({ minLength: 1, examples: ['Phone of *'] }), {
        title: 'Clients',
        description:
          'Clients that are shown as devices: names or MAC addresses, with * for anything. Left out: none. Those ' +
          'that make up their address are shown only if named without *.',
        de: {
          title: 'Clients',
          description:
            'Clients, die als Geräte gezeigt werden: Namen oder MAC-Adressen, mit * für Beliebiges. Ohne Angabe: ' +
            'keine. Solche mit erfundener Adresse nur, wenn sie ohne * genannt sind.',
        },
      }),
    ),
    qr_codes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, examples: ['guests'] }), {
        title: 'QR codes',
        description:
          'WLANs whose QR code is shown: names, with * for anything. Left out: none. Whoever sees the code in Home ' +
          'Assistant, on the broker or in the API can join.',
        de: {
          title: 'QR-Codes',
          description:
            'WLANs, deren QR-Code gezeigt wird: Namen, mit * für Beliebiges. Ohne Angabe: keine. Wer den Code in Home ' +
            'Assistant, am Broker oder in der API sieht, kommt ins WLAN.',
        },
      }),
    ),
    ...trustOptions(),
  },
  {
    title: 'UniFi',
    description: 'Networks by their UniFi controller: gateway, switches, access points, WLANs, clients.',
    de: {
      title: 'UniFi',
      description: 'Netze über ihren UniFi-Controller: Gateway, Switches, Access Points, WLANs, Clients.',
    },
  },
);

export type UnifiOptions = Static<typeof unifiOptions>;

/** A key, or user and password: which of them, the schema cannot say. */
export function checkLogin(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  const has = (key: string): boolean => options[key] !== undefined;
  if (has('api_key')) {
    const extra = ['username', 'password'].filter(has);
    return extra.map((path) => ({ path, message: 'not together with api_key: one way in is enough' }));
  }
  if (has('username') !== has('password')) {
    const [path, other] = has('username') ? ['password', 'username'] : ['username', 'password'];
    return [{ path, message: `is missing: ${other} is there` }];
  }
  if (has('username')) return [];
  return [{ path: '', message: 'username and password are missing, or api_key for a console with UniFi OS' }];
}
