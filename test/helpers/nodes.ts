import type { LabResourceOf } from '../../addon/src/kinds/index.ts';

type Readings = LabResourceOf<'node'>['readings'];

/** A node of which nothing is known but what the test says. */
export const aNode = (readings: Partial<Readings>): LabResourceOf<'node'> => ({
  id: 'proxmox/home/node/pve1',
  kind: 'node',
  name: 'pve1',
  available: true,
  readings: {
    cpu: null,
    io_wait: null,
    load: null,
    load_5: null,
    load_15: null,
    memory: null,
    memory_total: null,
    memory_without_arc: null,
    arc: null,
    swap: null,
    swap_total: null,
    disk: null,
    disk_total: null,
    guests_running: null,
    guests: null,
    version: null,
    kernel: null,
    started: null,
    reboot_pending: null,
    services_problem: null,
    services_failed: null,
    links_problem: null,
    links_down: null,
    certificate_expires: null,
    subscription: null,
    ...readings,
  },
  facts: {},
});
