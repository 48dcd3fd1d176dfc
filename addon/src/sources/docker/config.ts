import Type, { type Static } from 'typebox';
import { registryOptions } from './registry/config.ts';

/** One Docker engine. */
export const dockerOptions = Type.Object(
  {
    url: Type.String({
      pattern: '^(unix:///.+|(tcp|https?)://[^/]+/?)$',
      examples: ['unix:///var/run/docker.sock', 'http://host:2375', 'https://host:2376'],
      title: 'Address',
      description:
        'Where the engine listens: unix:///var/run/docker.sock, http://host:2375 (or tcp://) or https://host:2376.',
      de: {
        title: 'Adresse',
        description:
          'Wo die Engine lauscht: unix:///var/run/docker.sock, http://host:2375 (oder tcp://) oder ' +
          'https://host:2376.',
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
    address: Type.Optional(
      Type.String({
        title: 'Address for people',
        description:
          'Host name or address under which people reach published ports; makes the links. Left out: the host of ' +
          'the address above, none for a socket.',
        de: {
          title: 'Adresse für Menschen',
          description:
            'Name oder Adresse, unter der Menschen die veröffentlichten Ports erreichen; daraus werden Links. Ohne ' +
            'Angabe: der Rechner aus der Adresse oben, keiner bei einem Socket.',
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
