import Type, { type Static } from 'typebox';
import type { OptionProblem } from '../../contract/source.ts';
import { registryOptions } from './registry/config.ts';

/** One Docker engine. */
export const dockerOptions = Type.Object(
  {
    url: Type.String({
      pattern:
        '^(unix:///.+|(tcp|https?)://[^/]+/?|ssh://[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9[][^/\\s@]*/?)$',
      examples: ['unix:///var/run/docker.sock', 'http://host:2375', 'https://host:2376', 'ssh://user@host'],
      title: 'Address',
      description:
        'Where the engine listens: unix:///var/run/docker.sock, http://host:2375 (or tcp://), https://host:2376 or ' +
        'ssh://user@host; or the address of Portainer.',
      de: {
        title: 'Adresse',
        description:
          'Wo die Engine lauscht: unix:///var/run/docker.sock, http://host:2375 (oder tcp://), https://host:2376 oder ' +
          'ssh://user@host; oder die Adresse von Portainer.',
      },
    }),
    ca: Type.Optional(
      Type.String({
        title: 'Certificate authority',
        description: 'File (PEM) with the authority of the engine’s certificate. Left out: the public ones.',
        de: {
          title: 'Zertifizierungsstelle',
          description: 'Datei (PEM) mit der Zertifizierungsstelle der Engine. Ohne Angabe: die öffentlichen.',
        },
      }),
    ),
    cert: Type.Optional(
      Type.String({
        title: 'Our certificate',
        description: 'File (PEM) with the certificate that Labkeeper shows to the engine.',
        de: {
          title: 'Unser Zertifikat',
          description: 'Datei (PEM) mit dem Zertifikat, das Labkeeper der Engine zeigt.',
        },
      }),
    ),
    key: Type.Optional(
      Type.String({
        title: 'Our key',
        description: 'File (PEM) with the key of that certificate.',
        de: { title: 'Unser Schlüssel', description: 'Datei (PEM) mit dem Schlüssel dieses Zertifikats.' },
      }),
    ),
    fingerprint: Type.Optional(
      Type.String({
        pattern: '^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$',
        examples: ['9D:3A:… (32 pairs of hex digits)'],
        title: 'Fingerprint',
        description:
          'SHA-256 of a self-signed certificate: then exactly this one is trusted, checked before anything is sent.',
        de: {
          title: 'Fingerabdruck',
          description:
            'SHA-256 eines selbst signierten Zertifikats: dann wird genau diesem vertraut, geprüft, bevor etwas ' +
            'gesendet wird.',
        },
      }),
    ),
    host_key: Type.Optional(
      Type.String({
        pattern: '^(ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?$',
        examples: ['ssh-ed25519 AAAA…'],
        title: 'SSH host key',
        description:
          'For ssh://: the machine’s public key, a line of its /etc/ssh/ssh_host_ed25519_key.pub. This one is trusted ' +
          'and no other.',
        de: {
          title: 'SSH-Host-Schlüssel',
          description:
            'Für ssh://: der öffentliche Schlüssel der Maschine, die Zeile aus ihrer ' +
            '/etc/ssh/ssh_host_ed25519_key.pub. Diesem wird vertraut und keinem anderen.',
        },
      }),
    ),
    identity_file: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['/config/docker/id_ed25519'],
        title: 'SSH key file',
        description: 'For ssh://: file with our private key, without a passphrase, readable for nobody else.',
        de: {
          title: 'SSH-Schlüsseldatei',
          description:
            'Für ssh://: Datei mit unserem privaten Schlüssel, ohne Passphrase, für niemanden sonst lesbar.',
        },
      }),
    ),
    portainer_key: Type.Optional(
      Type.String({
        minLength: 1,
        secret: true,
        title: 'Portainer access token',
        description: 'By way of Portainer: an access token of a user there (My account, Access tokens).',
        de: {
          title: 'Portainer-Zugriffstoken',
          description: 'Über Portainer: ein Zugriffstoken eines Benutzers dort (Mein Konto, Zugriffstoken).',
        },
      }),
    ),
    environment: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['local'],
        title: 'Portainer environment',
        description: 'By way of Portainer: name or number of the environment. Left out: the only one.',
        de: {
          title: 'Portainer-Umgebung',
          description: 'Über Portainer: Name oder Nummer der Umgebung. Ohne Angabe: die einzige.',
        },
      }),
    ),
    address: Type.Optional(
      Type.String({
        title: 'Address for people',
        description:
          'Host name or address under which people reach published ports; makes the links. Left out: the host of ' +
          'the address above, none for a socket or Portainer.',
        de: {
          title: 'Adresse für Menschen',
          description:
            'Name oder Adresse, unter der Menschen die veröffentlichten Ports erreichen; daraus werden Links. Ohne ' +
            'Angabe: der Rechner aus der Adresse oben, keiner bei einem Socket oder Portainer.',
        },
      }),
    ),
    guest: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['proxmox/home/guest/101'],
        title: 'Runs on',
        description:
          'Id of the guest or machine that the engine runs on. Left out: found by name and address, where both agree.',
        de: {
          title: 'Läuft auf',
          description:
            'Id des Gastes oder der Maschine, auf der die Engine läuft. Ohne Angabe: an Name und Adresse erkannt, ' +
            'wenn beide übereinstimmen.',
        },
      }),
    ),
    image_updates: Type.Optional(
      Type.Boolean({
        default: true,
        title: 'Look for newer images',
        description:
          'Ask registries every six hours what the tags of running images point at. Nothing is pulled.',
        de: {
          title: 'Nach neueren Images sehen',
          description:
            'Registries alle sechs Stunden fragen, worauf die Tags laufender Images zeigen. Nichts wird geladen.',
        },
      }),
    ),
    compose_image: Type.Optional(
      Type.String({
        minLength: 1,
        default: 'docker:cli',
        examples: ['docker:cli', 'registry.lan/docker:28-cli', 'none'],
        title: 'Image of the Compose helper',
        description:
          'Image with docker compose, in which stacks are updated on the engine’s machine where that is not done over ' +
          'SSH or by Portainer. none: never.',
        de: {
          title: 'Image des Compose-Helfers',
          description:
            'Image mit docker compose, in dem Stacks auf der Maschine der Engine aktualisiert werden, wo das nicht über ' +
            'SSH oder Portainer geschieht. none: nie.',
        },
      }),
    ),
    compose_socket: Type.Optional(
      Type.String({
        pattern: '^/.+$',
        examples: ['/run/user/1000/docker.sock'],
        title: 'Socket for the Compose helper',
        description:
          'Where the engine’s socket lies on its own machine. Left out: the path in an address with unix://, else ' +
          '/var/run/docker.sock.',
        de: {
          title: 'Socket für den Compose-Helfer',
          description:
            'Wo der Socket der Engine auf ihrer eigenen Maschine liegt. Ohne Angabe: der Pfad aus einer Adresse mit ' +
            'unix://, sonst /var/run/docker.sock.',
        },
      }),
    ),
    update_protection: Type.Optional(
      Type.Enum(['none', 'copy', 'vm_snapshot'], {
        default: 'none',
        title: 'Protection of updates',
        description:
          'What keeps data in updates. copy: volumes and folders are copied on the engine’s machine, and put back if the ' +
          'update fails. vm_snapshot: a snapshot of the guest that the engine runs on; only you go back to it.',
        de: {
          title: 'Schutz bei Updates',
          description:
            'Was Daten bei Updates bewahrt. copy: Volumes und Ordner werden auf der Maschine der Engine kopiert und ' +
            'zurückgelegt, wenn das Update scheitert. vm_snapshot: ein Snapshot des Gasts unter der Engine; zu ihm ' +
            'zurück gehst nur du.',
        },
      }),
    ),
    stacks_folder: Type.Optional(
      Type.String({
        pattern: '^/[^:\\s]*$',
        examples: ['/opt/stacks'],
        title: 'Folder for stacks',
        description:
          'Folder on the engine’s machine in which a stack made from here gets a folder with its Compose file. Left out: ' +
          '/opt/stacks.',
        de: {
          title: 'Ordner für Stacks',
          description:
            'Ordner auf der Maschine der Engine, in dem ein von hier angelegter Stack einen Ordner mit seiner ' +
            'Compose-Datei bekommt. Ohne Angabe: /opt/stacks.',
        },
      }),
    ),
    forget_after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86_400,
        default: 60,
        title: 'Forget after',
        description:
          'Seconds until a removed container’s device goes too. In this time it can be recreated and keeps everything.',
        de: {
          title: 'Vergessen nach',
          description:
            'Sekunden, bis auch das Gerät eines gelöschten Containers geht. Bis dahin kann er neu angelegt werden ' +
            'und behält alles.',
        },
      }),
    ),
  },
  {
    title: 'Docker',
    description: 'Docker engines.',
    de: { title: 'Docker', description: 'Docker-Engines.' },
  },
);

/** What all engines share: images of one registry run on several. */
export const dockerShared = Type.Object({
  registries: Type.Optional(
    Type.Array(registryOptions, {
      title: 'Image registries',
      description:
        'Registries that want a login, or are reached in a way of their own. Others need no entry.',
      de: {
        title: 'Image-Registries',
        description:
          'Registries, die eine Anmeldung wollen oder auf eigene Weise erreicht werden. Andere brauchen keinen Eintrag.',
      },
    }),
  ),
});

export type DockerOptions = Static<typeof dockerOptions> & Static<typeof dockerShared>;

/** What of one engine's options belongs together, by the way that leads to it. */
export function checkDockerOptions(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  const has = (key: string): boolean => options[key] !== undefined && options[key] !== '';
  const url = String(options.url ?? '');
  const problems: OptionProblem[] = [];
  const ssh = ['host_key', 'identity_file'];
  if (url.startsWith('ssh:')) {
    for (const path of ssh.filter((key) => !has(key)))
      problems.push({ path, message: 'is missing, ssh:// needs it' });
  } else {
    for (const path of ssh.filter(has))
      problems.push({ path, message: 'is for an address that begins with ssh://' });
  }
  if (has('portainer_key') && !/^https?:/.test(url))
    problems.push({ path: 'url', message: 'has to be http:// or https:// with portainer_key' });
  if (has('environment') && !has('portainer_key'))
    problems.push({ path: 'portainer_key', message: 'is missing, it belongs to environment' });
  return problems;
}
