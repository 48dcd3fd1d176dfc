import Type, { type Static, type TSchemaOptions } from 'typebox';
import { trustOptions } from '../../contract/trust-options.ts';

const texts = (title: string, description: string, de: readonly [string, string]): TSchemaOptions => ({
  ...{ title, description, de: { title: de[0], description: de[1] } },
});

/** One Pulse. */
export const pulseOptions = Type.Object(
  {
    url: Type.String({
      ...{ pattern: '^https?://[^/@\\s?#]+(/[^\\s?#]*)?$', examples: ['http://pulse.lan:7655'] },
      ...texts('Address', 'Where its page is: mostly port 7655.', [
        'Adresse',
        'Wo seine Seite ist: meist Port 7655.',
      ]),
    }),
    token: Type.String({
      ...{ pattern: '^[!-~]+$', examples: ['3f9c…'], secret: true },
      ...texts(
        'API token',
        'With the scope monitoring:read; to acknowledge alerts, monitoring:write as well.',
        ['API-Token', 'Mit dem Recht monitoring:read; um Alarme zu bestätigen, auch monitoring:write.'],
      ),
    }),
    webhook_secret: Type.Optional(
      Type.String({
        ...{ pattern: '^[A-Za-z0-9_-]{24,128}$', examples: ['24 letters or digits, made up'], secret: true },
        ...texts(
          'Secret of the webhook',
          'Last part of the address that its webhook sends to, as in /hooks/pulse/home/<secret>. Left out: it cannot send.',
          [
            'Geheimnis des Webhooks',
            'Letzter Teil der Adresse, an die sein Webhook sendet, etwa /hooks/pulse/home/<Geheimnis>. Ohne Angabe: er kann nichts senden.',
          ],
        ),
      }),
    ),
    interval: Type.Optional(
      Type.Number({
        ...{ minimum: 10, default: 30 },
        ...texts('Interval', 'Seconds between two looks. What its webhook tells is there at once.', [
          'Abstand',
          'Sekunden zwischen zwei Abfragen. Was sein Webhook meldet, ist sofort da.',
        ]),
      }),
    ),
    guest: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['proxmox/home/guest/110'],
        ...texts(
          'Runs in',
          'Id of the guest or container that it runs in. Left out: the one with its address and host name, or that publishes its port.',
          [
            'Läuft in',
            'Id des Gasts oder Containers, in dem es läuft. Ohne Angabe: der mit seiner Adresse und seinem Namen, oder der seinen Port veröffentlicht.',
          ],
        ),
      }),
    ),
    ...trustOptions(),
  },
  {
    ...texts('Pulse', 'Pulse, which watches Proxmox VE and its like.', [
      'Pulse',
      'Pulse, das Proxmox VE und Ähnliches überwacht.',
    ]),
  },
);

export type PulseOptions = Static<typeof pulseOptions>;
