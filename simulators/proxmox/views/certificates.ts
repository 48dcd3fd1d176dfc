import { X509Certificate } from 'node:crypto';

/** A node's certificate files, in PEM. */
export interface CertificateFiles {
  /** Of the authority, which is the cluster's. */
  readonly root: string;
  readonly node: string;
  /** Uploaded or ordered, and shown by the web server in place of the node's own. */
  readonly proxy?: string;
}

/**
 * Rows of `GET /nodes/{node}/certificates/info`: a file that is not there has none.
 *
 * @param local asked for as `localhost`, under which name no node has files of its own
 */
export function certificateRows(files: CertificateFiles | undefined, local: boolean): readonly unknown[] {
  if (files === undefined) return [];
  return [
    rowOf('pve-root-ca.pem', files.root),
    ...(local ? [] : [rowOf('pve-ssl.pem', files.node)]),
    ...(local || files.proxy === undefined ? [] : [rowOf('pveproxy-ssl.pem', files.proxy)]),
  ];
}

function rowOf(filename: string, pem: string): unknown {
  const certificate = new X509Certificate(pem);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  return {
    filename,
    fingerprint: certificate.fingerprint256,
    subject: slashed(certificate.subject),
    issuer: slashed(certificate.issuer),
    notbefore: seconds(certificate.validFrom),
    notafter: seconds(certificate.validTo),
    'public-key-type': type === 'ec' ? 'id-ecPublicKey' : 'rsaEncryption',
    'public-key-bits': type === 'ec' ? 256 : (details?.modulusLength ?? 0),
    san: namesOf(certificate.subjectAltName),
    pem,
  };
}

/** As OpenSSL writes names in one line. */
const slashed = (name: string): string => name.replaceAll(/^|\n/g, '/');
const seconds = (time: string): number => Math.floor(Date.parse(time) / 1_000);
const namesOf = (names = ''): readonly string[] =>
  names
    .split(', ')
    .filter(Boolean)
    .map((name) => name.replace(/^(DNS|IP Address):/, ''));
