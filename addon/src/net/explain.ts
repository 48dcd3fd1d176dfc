/** What to do about an error of Node's sockets and TLS, by its code. */
const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: check host and port, and whether it runs',
  ENOTFOUND: 'no such host: check the name',
  EAI_AGAIN: 'the name could not be looked up: check the network and its DNS',
  EHOSTUNREACH: 'no way to that host: check the address, and whether it is on',
  ENETUNREACH: 'no way to that network: check the address',
  ETIMEDOUT: 'no answer: check the address, and firewalls in between',
  UND_ERR_CONNECT_TIMEOUT: 'no answer: check the address, and firewalls in between',
  ECONNRESET: 'it hung up: is this the right port, and is https or http right?',
  EPROTO: 'it does not speak TLS there: is this the right port, and is https right?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there: is this the right port, and is https right?',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the certificate is self-signed: give its SHA-256 as fingerprint, or its authority as ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is from an authority of your own: give that as ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is from an authority of your own: give that as ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is from an authority of your own: give that as ca',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: set the clocks, of this machine and of that one',
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it there, or set the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: use that name, or give its fingerprint',
};

/** What TLS says of certificates that it does not believe. */
const CERTIFICATE = /^(CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_CERT_|INVALID_CA|PATH_LENGTH_)/;

/** Whether a connection failed because the certificate is not believed. */
export function isDistrust(cause: unknown): boolean {
  const { code = '', cause: deeper } = (cause ?? {}) as { code?: string; cause?: unknown };
  return CERTIFICATE.test(code) || (deeper !== undefined && isDistrust(deeper));
}

/** What a person can do about a failed connection; undefined where the message has to suffice. */
export function connectionHint(cause: unknown): string | undefined {
  const { code, cause: deeper } = (cause ?? {}) as { code?: string; cause?: unknown };
  return HINTS[code ?? ''] ?? (deeper === undefined ? undefined : connectionHint(deeper));
}
