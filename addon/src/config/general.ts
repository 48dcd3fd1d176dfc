import Type, { type TSchemaOptions } from 'typebox';
import { homeassistant, mqtt, voice } from './groups.ts';

/** `*` stands for anything. */
const patterns = (texts: TSchemaOptions) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), texts));

/** How much is published; of the whole lab, and of one system. */
export const level = (texts: TSchemaOptions) =>
  Type.Optional(Type.Enum(['essential', 'standard', 'all'], texts));

/** The options of the app itself, by key, in the order in which a person meets them. */
export const general = {
  mqtt,
  discovery_prefix: Type.Optional(
    Type.String({
      pattern: '^[^+#/]+(/[^+#/]+)*$',
      examples: ['homeassistant'],
      default: 'homeassistant',
      title: 'Discovery prefix',
      description: 'As in the settings of Home Assistant’s MQTT integration.',
      de: { title: 'Discovery-Präfix', description: 'Wie in den Einstellungen der MQTT-Integration.' },
    }),
  ),
  site: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9]{1,16}$',
      examples: ['garage (1 to 16 of a-z and 0-9)'],
      title: 'Site',
      description:
        'Tells several Labkeepers on one broker apart: a short word of a-z and 0-9. Changed later, everything gets ' +
        'new entities.',
      de: {
        title: 'Standort',
        description:
          'Unterscheidet mehrere Labkeeper an einem Broker: ein kurzes Wort aus a-z und 0-9. Eine spätere Änderung ' +
          'gibt allem neue Entitäten.',
      },
    }),
  ),
  language: Type.Optional(
    Type.Enum(['en', 'de'], {
      default: 'en',
      title: 'Language',
      description: 'Language of entity names.',
      de: { title: 'Sprache', description: 'Sprache der Entitätsnamen.' },
    }),
  ),
  entities: level({
    default: 'standard',
    title: 'Entities',
    description: 'How much of each thing is published to Home Assistant.',
    de: { title: 'Entitäten', description: 'Wie viel von jedem Ding in Home Assistant erscheint.' },
  }),
  include: patterns({
    title: 'Publish only',
    description:
      'Only what matches one of these comes to Home Assistant: resource ids or names, * stands for anything. Left ' +
      'out or empty: everything.',
    de: {
      title: 'Nur zeigen',
      description:
        'Nur was zu einem davon passt, kommt zu Home Assistant: Ressourcen-IDs oder Namen, * steht für Beliebiges. ' +
        'Ohne Angabe: alles.',
    },
  }),
  exclude: patterns({
    title: 'Never publish',
    description: 'What matches one of these does not come to Home Assistant, even if it is included.',
    de: {
      title: 'Nie zeigen',
      description: 'Was zu einem davon passt, kommt nicht zu Home Assistant, auch wenn es oben passt.',
    },
  }),
  controls: Type.Optional(
    Type.Enum(['config', 'primary'], {
      default: 'config',
      title: 'Power controls',
      description:
        'config keeps power controls away from voice assistants and from “turn off the area”; primary lets them in.',
      de: {
        title: 'Bedienelemente',
        description:
          'config hält Ein/Aus und Neustart von Sprachassistenten und „schalte den Bereich aus“ fern; primary lässt ' +
          'sie zu.',
      },
    }),
  ),
  allow: Type.Optional(
    Type.Enum(['observe', 'operate', 'provision', 'destroy'], {
      default: 'operate',
      title: 'Allow over HTTP and MCP',
      description:
        'The most that anything may do over HTTP and MCP, whatever its token says: only look, start and stop, create ' +
        'and change, or delete.',
      de: {
        title: 'Über HTTP und MCP erlauben',
        description:
          'Das Äußerste, was über HTTP und MCP geschehen darf, was auch immer das Token sagt: nur ansehen, starten ' +
          'und stoppen, anlegen und ändern, oder löschen.',
      },
    }),
  ),
  allow_mcp: Type.Optional(
    Type.Enum(['observe', 'operate', 'provision', 'destroy'], {
      default: 'observe',
      title: 'Allow to agents',
      description:
        'The most that agents may do over MCP with the token “mcp”: only look, start and stop, create and change, or delete; ' +
        'never more than is allowed over HTTP and MCP.',
      de: {
        title: 'Agenten erlauben',
        description:
          'Das Äußerste, was Agenten über MCP mit dem Token „mcp“ tun dürfen: nur ansehen, starten und stoppen, anlegen und ' +
          'ändern, oder löschen; nie mehr, als über HTTP und MCP erlaubt ist.',
      },
    }),
  ),
  self: Type.Optional(
    Type.String({
      pattern: '^(none|[a-z]+/[a-z0-9]{1,16}/[a-z]+/.+)$',
      examples: ['proxmox/home/guest/100', 'none'],
      title: 'Runs on',
      description:
        'What Labkeeper runs on, and never ends: a resource id such as proxmox/home/guest/100, or none if it is outside ' +
        'the lab. While that is not known it ends nothing. Left out: it looks for its MAC, UUID or container, which an ' +
        'app may not see.',
      de: {
        title: 'Läuft auf',
        description:
          'Worauf Labkeeper läuft und was es nie beendet: eine Ressourcen-ID wie proxmox/home/guest/100, oder none, ' +
          'falls außerhalb des Labors. Unbekannt, beendet es nichts. Ohne Angabe: es sucht seine MAC, UUID oder den ' +
          'Container, was eine App nicht immer sieht.',
      },
    }),
  ),
  log_level: Type.Optional(
    Type.Enum(['error', 'warn', 'info', 'debug'], {
      default: 'info',
      title: 'Log level',
      description: 'How much is logged.',
      de: { title: 'Protokollstufe', description: 'Wie viel protokolliert wird.' },
    }),
  ),
  homeassistant,
  voice,
};
