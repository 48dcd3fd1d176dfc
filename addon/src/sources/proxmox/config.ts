import Type, { type Static } from 'typebox';
import type { OptionProblem } from '../../contract/source.ts';
import { trustOptions } from '../../contract/trust-options.ts';
import { DEFAULT_RANGE, rangeOf } from './vmid-range.ts';

/** A user with its realm, as Proxmox VE writes it: the name may hold an `@` of its own. */
const USER = '[^\\s:/!]+@[A-Za-z][A-Za-z0-9._-]+';

const CERTIFICATES = {
  fingerprint: {
    description:
      'SHA-256 of the self-signed certificate: then this one is trusted and no other. Each node has its own: ' +
      'of several nodes give all, separated by commas, or the authority instead.',
    de:
      'SHA-256 des selbst signierten Zertifikats: nur diesem wird dann vertraut. Jeder Knoten hat sein ' +
      'eigenes: bei mehreren Knoten alle angeben, mit Kommas getrennt, oder die Zertifizierungsstelle.',
  },
  ca: {
    description:
      'File (PEM) with the authority of the certificates: /etc/pve/pve-root-ca.pem of the cluster.',
    de: 'Datei (PEM) mit der Zertifizierungsstelle: /etc/pve/pve-root-ca.pem des Clusters.',
  },
};

/** One Proxmox VE cluster, or one node that is in none. */
export const proxmoxOptions = Type.Object(
  {
    urls: Type.Array(Type.String({ pattern: '^https://[^/\\s]+/?$', examples: ['https://pve1.lan:8006'] }), {
      minItems: 1,
      title: 'Addresses',
      description:
        'Where the API listens, as in https://pve1.lan:8006. With several nodes of one cluster the next one is ' +
        'asked when the first is gone.',
      de: {
        title: 'Adressen',
        description:
          'Wo die API lauscht, etwa https://pve1.lan:8006. Bei mehreren Knoten eines Clusters wird der nächste ' +
          'gefragt, wenn der erste fehlt.',
      },
    }),
    token_id: Type.Optional(
      Type.String({
        pattern: `^${USER}![A-Za-z][A-Za-z0-9._-]+$`,
        examples: ['labkeeper@pve!homeassistant'],
        title: 'API token',
        description: 'Name of an API token with its user, as in labkeeper@pve!homeassistant.',
        de: {
          title: 'API-Token',
          description: 'Name eines API-Tokens mit seinem Benutzer, etwa labkeeper@pve!homeassistant.',
        },
      }),
    ),
    token_secret: Type.Optional(
      Type.String({
        minLength: 1,
        secret: true,
        title: 'Token secret',
        description: 'The secret that Proxmox VE showed once when the token was made.',
        de: {
          title: 'Geheimnis des Tokens',
          description: 'Das Geheimnis, das Proxmox VE einmal beim Anlegen des Tokens gezeigt hat.',
        },
      }),
    ),
    username: Type.Optional(
      Type.String({
        pattern: `^${USER}$`,
        examples: ['labkeeper@pve'],
        title: 'User',
        description: 'User with realm, as in labkeeper@pve, where there is no token. A token is better.',
        de: {
          title: 'Benutzer',
          description:
            'Benutzer mit Bereich, etwa labkeeper@pve, falls es kein Token gibt. Besser ist ein Token.',
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
    ...trustOptions(CERTIFICATES),
    backup_storage: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z][A-Za-z0-9._-]*$',
        examples: ['backup'],
        title: 'Storage for backups',
        description:
          'Where “Back up now” puts backups. Left out: where the guest’s backup job puts them, or the only storage ' +
          'for backups.',
        de: {
          title: 'Speicher für Sicherungen',
          description:
            'Wohin „Jetzt sichern“ sichert. Ohne Angabe: wohin der Sicherungsjob des Gastes sichert, sonst der ' +
            'einzige Speicher für Sicherungen.',
        },
      }),
    ),
    vmids: Type.Optional(
      Type.String({
        pattern: '^[1-9][0-9]{2,8}-[1-9][0-9]{2,8}$',
        examples: ['200-299'],
        default: DEFAULT_RANGE,
        title: 'VM ids',
        description:
          'From which ids new guests get theirs, as in 200-299. One that was used within 30 days, or that backups are ' +
          'left of, is not given again.',
        de: {
          title: 'VM-IDs',
          description:
            'Aus welchen IDs neue Gäste ihre bekommen, etwa 200-299. Eine, die in den letzten 30 Tagen benutzt wurde ' +
            'oder von der es noch Sicherungen gibt, wird nicht wieder vergeben.',
        },
      }),
    ),
    wake_disks: Type.Optional(
      Type.Boolean({
        default: false,
        title: 'Wake disks',
        description:
          'Also asks disks that turn and are in no pool how they are, every six hours: that wakes them. SSDs, and ' +
          'disks of pools, are asked in any case.',
        de: {
          title: 'Datenträger wecken',
          description:
            'Fragt alle sechs Stunden auch drehende Datenträger, die in keinem Pool sind, wie es ihnen geht: das ' +
            'weckt sie. SSDs und Datenträger von Pools werden ohnehin gefragt.',
        },
      }),
    ),
    node_exporter: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[A-Za-z0-9][A-Za-z0-9-]*=https?://[^/@\\s]+(/\\S*)?$',
          examples: ['pve1=http://10.0.10.11:9100/metrics'],
        }),
        {
          title: 'Node exporters',
          description:
            'Prometheus node exporters that run on nodes, as in pve1=http://10.0.10.11:9100/metrics. They tell ' +
            'temperatures and the state of ZFS, and before Proxmox VE 9 its cache.',
          de: {
            title: 'Node-Exporter',
            description:
              'Prometheus-Node-Exporter auf Knoten, etwa pve1=http://10.0.10.11:9100/metrics. Sie nennen ' +
              'Temperaturen und den Zustand von ZFS, vor Proxmox VE 9 auch dessen Cache.',
          },
        },
      ),
    ),
  },
  {
    title: 'Proxmox VE',
    description: 'Proxmox VE clusters, and nodes that are in none.',
    de: { title: 'Proxmox VE', description: 'Proxmox-VE-Cluster und einzelne Knoten.' },
  },
);

export type ProxmoxOptions = Static<typeof proxmoxOptions>;

/** What of one instance's options belongs together: a whole token, or else a whole user with password. */
export function checkProxmoxOptions(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  const has = (key: string): boolean => options[key] !== undefined;
  if (has('vmids') && rangeOf(String(options.vmids)) === undefined)
    return [{ path: 'vmids', message: 'ends before it begins; the lower id comes first' }];
  const token = has('token_id') || has('token_secret');
  const user = has('username') || has('password');
  if (!token && !user)
    return [{ path: '', message: 'needs token_id and token_secret, or username and password' }];
  if (token && user) {
    const path = has('username') ? 'username' : 'password';
    return [
      { path, message: 'is for use without a token; remove either the token or username and password' },
    ];
  }
  const pair = token ? ['token_id', 'token_secret'] : ['username', 'password'];
  const given = pair.find(has);
  return pair
    .filter((key) => !has(key))
    .map((path) => ({ path, message: `is missing, it belongs to ${given}` }));
}
