import type { ContainerInspect, DeviceRequest } from './wire.ts';

/** How much of the machine's NVIDIA cards a container was given; none: `undefined`. */
export function cardsGiven({ Config, HostConfig }: ContainerInspect): 'all' | 'some' | undefined {
  const requests = (HostConfig.DeviceRequests ?? []).filter(isForCards);
  if (requests.some(isForAll)) return 'all';
  const devices = (HostConfig.Devices ?? []).some(({ PathOnHost = '' }) =>
    /^\/dev\/nvidia\d+$/.test(PathOnHost),
  );
  if (requests.length > 0 || devices) return 'some';
  // Images bring that variable, too: without the runtime it does nothing.
  if (HostConfig.Runtime !== 'nvidia') return undefined;
  const visible = Config.Env?.findLast((each) => each.startsWith('NVIDIA_VISIBLE_DEVICES='))?.split('=')[1];
  if (visible === undefined || ['', 'void', 'none'].includes(visible)) return undefined;
  return visible === 'all' ? 'all' : 'some';
}

/** By `--gpus`, or by name with CDI (`nvidia.com/gpu=all`). */
const isForCards = ({ Driver, DeviceIDs, Capabilities }: DeviceRequest): boolean =>
  Driver === 'nvidia' ||
  Capabilities?.some((all) => all.includes('gpu')) === true ||
  (Driver === 'cdi' && DeviceIDs?.some((id) => id.startsWith('nvidia.com/gpu=')) === true);

const isForAll = ({ Count, DeviceIDs }: DeviceRequest): boolean =>
  Count === -1 || DeviceIDs?.includes('nvidia.com/gpu=all') === true;
