import Type, { type Static } from 'typebox';
import { trustOptions } from '../../contract/trust-options.ts';

/** One Proxmox Backup Server. */
export const pbsOptions = Type.Object(
  {
    url: Type.String({
      pattern: '^https://[^/\\s]+/?$',
      examples: ['https://pbs.lan:8007'],
      title: 'Address',
      description: 'Where the API listens, as in https://pbs.lan:8007.',
      de: { title: 'Adresse', description: 'Wo die API lauscht, etwa https://pbs.lan:8007.' },
    }),
    token_id: Type.String({
      pattern: '^[^\\s:/!]+@[A-Za-z][A-Za-z0-9._-]+![A-Za-z0-9_][A-Za-z0-9._-]*$',
      examples: ['labkeeper@pbs!homeassistant'],
      title: 'API token',
      description:
        'Name of an API token with its user, as in labkeeper@pbs!homeassistant. It needs the role Audit at /.',
      de: {
        title: 'API-Token',
        description:
          'Name eines API-Tokens mit seinem Benutzer, etwa labkeeper@pbs!homeassistant. Es braucht die Rolle ' +
          'Audit auf /.',
      },
    }),
    token_secret: Type.String({
      minLength: 1,
      secret: true,
      title: 'Token secret',
      description: 'The secret that Proxmox Backup Server showed once when the token was made.',
      de: {
        title: 'Geheimnis des Tokens',
        description: 'Das Geheimnis, das Proxmox Backup Server einmal beim Anlegen des Tokens gezeigt hat.',
      },
    }),
    ...trustOptions({
      fingerprint: {
        description:
          'SHA-256 of the self-signed certificate, as the server’s dashboard shows it: then this one is trusted and ' +
          'no other.',
        de:
          'SHA-256 des selbst signierten Zertifikats, wie die Übersicht des Servers ihn zeigt: nur diesem wird dann ' +
          'vertraut.',
      },
    }),
  },
  {
    title: 'Proxmox Backup Server',
    description: 'Proxmox Backup Servers: datastores, their jobs, and what is in them.',
    de: {
      title: 'Proxmox Backup Server',
      description: 'Proxmox Backup Server: Datenspeicher, deren Aufträge und was darin liegt.',
    },
  },
);

export type PbsOptions = Static<typeof pbsOptions>;
