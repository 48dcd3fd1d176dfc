import Type, { type Static, type TSchemaOptions } from 'typebox';
import type { OptionProblem } from '../../contract/source.ts';

const price = (texts: TSchemaOptions) => Type.Optional(Type.Number({ minimum: 0, ...texts }));

/** The cards of one machine. */
export const gpuOptions = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^/\\s]+(/\\S*)?$',
        examples: ['http://docker-host.lan:9835'],
        title: 'Exporter',
        description:
          'Where nvidia_gpu_exporter or dcgm-exporter answers, as in http://docker-host.lan:9835. Asked first.',
        de: {
          title: 'Exporter',
          description:
            'Wo nvidia_gpu_exporter oder dcgm-exporter antwortet, etwa http://docker-host.lan:9835. Wird zuerst gefragt.',
        },
      }),
    ),
    container: Type.Optional(
      Type.String({
        pattern: '^docker/[a-z0-9]{1,16}(/container/.+)?$',
        examples: ['docker/ai'],
        title: 'Container',
        description:
          'An engine of the options, as in docker/ai, or one of its containers, as in docker/ai/container/tts: where ' +
          'nvidia-smi is run. It also tells which container a process is of.',
        de: {
          title: 'Container',
          description:
            'Eine Engine aus den Optionen, etwa docker/ai, oder einer ihrer Container, etwa docker/ai/container/tts: ' +
            'dort läuft nvidia-smi. Sie sagt auch, zu welchem Container ein Prozess gehört.',
        },
      }),
    ),
    agent: Type.Optional(
      Type.Boolean({
        default: false,
        title: 'By the guest agent',
        description:
          'Once a minute, the QEMU guest agent of the guest below runs nvidia-smi. It needs VM.GuestAgent.Unrestricted ' +
          'there, which lets its holder run anything in the guest.',
        de: {
          title: 'Über den Gastagenten',
          description:
            'Einmal in der Minute lässt der QEMU-Gastagent des Gasts unten nvidia-smi laufen. Das braucht dort ' +
            'VM.GuestAgent.Unrestricted, womit man im Gast alles ausführen kann.',
        },
      }),
    ),
    way: Type.Optional(
      Type.Enum(['auto', 'exporter', 'container', 'agent'], {
        default: 'auto',
        title: 'Way',
        description: 'Which of them is used. auto: the first that works, in this order.',
        de: {
          title: 'Weg',
          description: 'Welcher davon benutzt wird. auto: der erste, der geht, in dieser Folge.',
        },
      }),
    ),
    guest: Type.Optional(
      Type.String({
        pattern: '^[a-z]+/[a-z0-9]{1,16}/(guest|node)/.+$',
        examples: ['proxmox/home/guest/101'],
        title: 'In',
        description:
          'Id of the guest or node that has the cards, such as proxmox/home/guest/101. Left out: the only guest that ' +
          'such a card is passed through to.',
        de: {
          title: 'Steckt in',
          description:
            'Id des Gasts oder Knotens mit den Karten, etwa proxmox/home/guest/101. Ohne Angabe: der einzige Gast, an ' +
            'den eine solche Karte durchgereicht ist.',
        },
      }),
    ),
    price: price({
      title: 'Price',
      examples: [350],
      description: 'What each card cost: then Labkeeper tells when renting would have cost more.',
      de: {
        title: 'Kaufpreis',
        description: 'Was jede Karte gekostet hat: Labkeeper sagt dann, ab wann Mieten teurer gewesen wäre.',
      },
    }),
    cloud_price: price({
      title: 'Price of renting',
      examples: [0.5],
      description: 'What an hour of such a card costs in the cloud.',
      de: { title: 'Mietpreis', description: 'Was eine Stunde einer solchen Karte in der Cloud kostet.' },
    }),
    electricity_price: price({
      title: 'Price of electricity',
      examples: [0.25],
      description: 'Of a kilowatt hour.',
      de: { title: 'Strompreis', description: 'Einer Kilowattstunde.' },
    }),
    currency: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 8,
        examples: ['£'],
        title: 'Currency',
        description: 'Of all prices here.',
        de: { title: 'Währung', description: 'Aller Preise hier.' },
      }),
    ),
  },
  {
    title: 'GPU',
    description: 'NVIDIA cards, by an exporter, a container or a guest agent in the machine that has them.',
    de: {
      title: 'GPU',
      description:
        'NVIDIA-Karten, über einen Exporter, einen Container oder den Gastagenten der Maschine, in der sie stecken.',
    },
  },
);

export type GpuOptions = Static<typeof gpuOptions>;

const WAYS = ['url', 'container', 'agent'] as const;
const OPTION_OF: Readonly<Record<string, string>> = {
  exporter: 'url',
  container: 'container',
  agent: 'agent',
};

/** A card that nobody is asked about is never seen. */
export function checkWays(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  const has = (key: string): boolean => options[key] !== undefined && options[key] !== false;
  if (!WAYS.some(has))
    return [{ path: '', message: `needs one of ${WAYS.join(', ')}: how to get at the cards` }];
  const problems: OptionProblem[] = [];
  if (has('agent') && !/^proxmox\/[^/]+\/guest\//.test(String(options.guest ?? '')))
    problems.push({ path: 'guest', message: 'has to be a guest of Proxmox VE, whose agent is meant' });
  const needed = OPTION_OF[String(options.way)];
  if (needed !== undefined && !has(needed))
    problems.push({ path: needed, message: `is missing, it belongs to way: ${options.way}` });
  return problems;
}
