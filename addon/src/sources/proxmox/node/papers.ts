import { nodePath } from '../ids.ts';
import type { NodeReader } from '../reader.ts';
import { timeOf } from '../units.ts';
import type { NodeReadings } from './map.ts';
import type { CertificateRow, Subscription } from './wire.ts';

/** The certificate that the web server shows, and the subscription. */
export const nodePapers: NodeReader = {
  of: 'node',
  what: 'certificates and subscription of the nodes',
  due: 21_600,
  read: async ({ client, picture }, node, signal) => {
    const path = nodePath(node);
    const certificates = await client.list<CertificateRow>(`${path}/certificates/info`, signal);
    picture.nodes.tell(node, 'certificate', certificateOf(certificates));
    const subscription = await client.get<Subscription>(`${path}/subscription`, signal);
    picture.nodes.tell(node, 'subscription', { subscription: wordOf(subscription) });
  },
};

/** One that was uploaded or ordered is shown in place of the node's own. */
export function certificateOf(rows: readonly CertificateRow[]): Partial<NodeReadings> {
  const shown =
    rows.find(({ filename }) => filename === 'pveproxy-ssl.pem') ??
    rows.find(({ filename }) => filename === 'pve-ssl.pem');
  return { certificate_expires: timeOf(shown?.notafter === undefined ? undefined : shown.notafter * 1_000) };
}

function wordOf({ status }: Subscription): NodeReadings['subscription'] {
  if (status === 'notfound') return 'none';
  return WORDS.find((word) => word === status) ?? null;
}

const WORDS = ['active', 'new', 'invalid', 'expired', 'suspended'] as const;
