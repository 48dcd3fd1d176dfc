import type { SourceContext } from '../../contract/source.ts';
import type { GpuOptions } from './config.ts';
import { exporterWay } from './exporter-way.ts';
import type { Way } from './way.ts';

/** The ways that the options name, the one that costs the machine least first. */
export function waysOf({ url }: GpuOptions, context: SourceContext): readonly Way[] {
  return [...(url === undefined ? [] : [exporterWay(url, context)])];
}
