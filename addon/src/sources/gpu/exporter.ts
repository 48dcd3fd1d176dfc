import { samplesIn } from '../../net/prometheus.ts';
import type { Card } from './card.ts';
import { cardsOfDcgm, DCGM_METRICS } from './dcgm.ts';
import { cardsOfSmi, SMI_METRICS } from './smi-exporter.ts';

const WANTED = new Set([...SMI_METRICS, ...DCGM_METRICS]);

/**
 * The cards in what an exporter answers: nvidia_gpu_exporter or dcgm-exporter, told by what they write.
 *
 * @param text untrusted
 * @returns undefined: it is neither of the two
 */
export function cardsIn(text: string): readonly Card[] | undefined {
  const samples = samplesIn(text, WANTED);
  const smi = samples.filter(({ name }) => name.startsWith('nvidia_smi_'));
  if (smi.length > 0) return cardsOfSmi(smi);
  return samples.length > 0 ? cardsOfDcgm(samples) : undefined;
}
