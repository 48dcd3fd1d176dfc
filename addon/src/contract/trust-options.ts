import Type from 'typebox';

const FINGERPRINT = '([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}';

interface Texts {
  readonly description: string;
  readonly de: string;
}

const USUAL = {
  fingerprint: {
    description: 'SHA-256 of the self-signed certificate: then this one is trusted and no other.',
    de: 'SHA-256 des selbst signierten Zertifikats: nur diesem wird dann vertraut.',
  },
  ca: {
    description: 'File (PEM) with the authority of the certificate, where that is your own.',
    de: 'Datei (PEM) mit der Zertifizierungsstelle des Zertifikats, falls es eine eigene ist.',
  },
};

/**
 * The options of a source that say which certificate is believed; what `net/trust.ts` goes by.
 *
 * @param texts what a person is told where a system shows these itself
 */
export const trustOptions = ({
  fingerprint = USUAL.fingerprint,
  ca = USUAL.ca,
}: {
  readonly fingerprint?: Texts;
  readonly ca?: Texts;
} = {}) => ({
  fingerprint: Type.Optional(
    Type.String({
      // Several, where nodes have one each.
      pattern: `^${FINGERPRINT}([\\s,]+${FINGERPRINT})*$`,
      examples: ['9D:3A:… (32 pairs of hex digits)'],
      title: 'Fingerprint',
      description: fingerprint.description,
      de: { title: 'Fingerabdruck', description: fingerprint.de },
    }),
  ),
  ca: Type.Optional(
    Type.String({
      minLength: 1,
      title: 'Certificate authority',
      description: ca.description,
      de: { title: 'Zertifizierungsstelle', description: ca.de },
    }),
  ),
  verify_tls: Type.Optional(
    Type.Boolean({
      default: true,
      title: 'Verify the certificate',
      description: 'Off, anyone on the way can read the credentials; it shows as a warning.',
      de: {
        title: 'Zertifikat prüfen',
        description: 'Aus: Wer dazwischen sitzt, kann die Zugangsdaten lesen; es wird als Warnung angezeigt.',
      },
    }),
  ),
});
