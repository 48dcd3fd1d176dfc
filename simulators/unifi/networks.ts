import { type Answer, ok, refused } from './envelope.ts';
import { idOf, networkWord, type SimNetwork } from './site.ts';
import type { UnifiSimulatorState } from './state.ts';
import { networkView, networkViews } from './views.ts';

const UNTAGGED = 1;

/** `POST rest/networkconf` */
export function addNetwork(state: UnifiSimulatorState, sent: Readonly<Record<string, unknown>>): Answer {
  const { site, generation } = state;
  const { name, purpose, ip_subnet: subnet, dhcpd_start: start, dhcpd_stop: stop } = sent;
  if (typeof name !== 'string' || (purpose !== 'corporate' && purpose !== 'guest' && purpose !== 'vlan-only'))
    return refused(400, 'api.err.InvalidPayload');
  // Where the flag is not set the number is ignored, and the network would be the untagged one.
  const vlan = sent.vlan_enabled === true ? Number(sent.vlan) : UNTAGGED;
  const known = site.networks.filter((one) => one.purpose !== 'wan' && one.purpose !== 'remote-user-vpn');
  if (known.some((one) => (one.vlan ?? UNTAGGED) === vlan)) return refused(400, 'api.err.VlanUsed', { vlan });
  const made = site.addNetwork(
    {
      ...{ name, purpose, vlan, group: 'LAN' },
      ...(typeof subnet === 'string' && { subnet }),
      ...(sent.dhcpd_enabled === true && { dhcp: [String(start), String(stop)] as const }),
    },
    sent,
  );
  site.tell('networkconf:add', networkViews(site, generation));
  return ok([networkView(site, generation, made)]);
}

/** `DELETE rest/networkconf/<id>` */
export function removeNetwork({ site, generation }: UnifiSimulatorState, id: string): Answer {
  const found = site.networks.find((one) => idOf(generation, networkWord(one)) === id);
  if (found === undefined) return refused(400, 'api.err.IdInvalid');
  if (found.purpose === 'corporate' && found.vlan === undefined) return refused(400, 'api.err.NoDelete');
  if (isReferred(found, { site, generation }, id))
    return refused(400, 'api.err.ObjectReferredBy', { type: 'WlanConf' });
  site.removeNetwork(found);
  site.tell('networkconf:delete', networkViews(site, generation));
  return ok([]);
}

function isReferred(
  { name }: SimNetwork,
  { site, generation }: Pick<UnifiSimulatorState, 'site' | 'generation'>,
  id: string,
): boolean {
  const byWlan = site.wlans.some(({ network }) => network === name) && generation === 'os';
  const byPort = site.devices.some(({ overrides }) =>
    overrides.some(({ native_networkconf_id: native }) => native === id),
  );
  return byWlan || byPort;
}
