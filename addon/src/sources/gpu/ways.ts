import type { SourceContext } from '../../contract/source.ts';
import { AgentWay } from './agent-way.ts';
import type { GpuOptions } from './config.ts';
import { ContainerWay } from './container-way.ts';
import { exporterWay } from './exporter-way.ts';
import type { Way } from './way.ts';

/** The ways that the options name, the one that costs the machine least first; or the one that is wanted. */
export function waysOf(
  { url, container, agent, guest, way = 'auto' }: GpuOptions,
  context: SourceContext,
): readonly Way[] {
  const wants = (which: typeof way): boolean => way === 'auto' || way === which;
  return [
    ...(url !== undefined && wants('exporter') ? [exporterWay(url, context)] : []),
    ...(container !== undefined && wants('container') ? [new ContainerWay(container, context)] : []),
    ...(agent === true && guest !== undefined && wants('agent') ? [new AgentWay(guest, context)] : []),
  ];
}
