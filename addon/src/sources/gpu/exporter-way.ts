import type { SourceContext } from '../../contract/source.ts';
import { LabError } from '../../core/errors.ts';
import { HttpClient } from '../../net/http-client.ts';
import { cardsIn } from './exporter.ts';
import type { Way } from './way.ts';

const DEADLINE_MS = 10_000;
const EVERY_SECONDS = 30;

/** By an exporter that runs beside the card: nvidia_gpu_exporter or dcgm-exporter. */
export function exporterWay(
  address: string,
  { owner, clock, meter }: Pick<SourceContext, 'owner' | 'clock' | 'meter'>,
): Way {
  const url = new URL(address);
  const http = new HttpClient({ url: url.origin, name: owner, trust: {}, clock, meter });
  const path = `${url.pathname === '/' ? '/metrics' : url.pathname}${url.search}`;
  return {
    name: `exporter at ${url.host}`,
    everySeconds: EVERY_SECONDS,
    read: async (signal) => {
      const { status, body } = await http.read({ path, signal, deadlineMs: DEADLINE_MS });
      if (status !== 200) {
        throw new LabError(
          'source_failed',
          `${owner}: the exporter at ${url.host}${path} answered ${status}`,
          {
            hint: 'check the option url: exporters answer at …/metrics',
          },
        );
      }
      const cards = cardsIn(body);
      if (cards !== undefined && cards.length > 0) return cards;
      throw new LabError('source_failed', `${owner}: ${url.host}${path} tells of no NVIDIA card`, {
        hint:
          cards === undefined
            ? 'is it nvidia_gpu_exporter or dcgm-exporter that answers there?'
            : 'does nvidia-smi show the card where the exporter runs?',
      });
    },
    close: () => http.close(),
  };
}
