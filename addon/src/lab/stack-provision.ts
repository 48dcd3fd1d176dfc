import { deployStackInput } from '../contract/inputs/stacks.ts';
import { provisioned } from './provisioned.ts';

export const deployStack = provisioned({
  id: 'deploy_stack',
  title: 'Deploy stack',
  description:
    'Makes a new stack on a container host from a Compose file. A dry run names each image, port, mount, volume and ' +
    'network. The file is kept where later updates find it.',
  de: {
    title: 'Stack anlegen',
    description:
      'Legt auf einem Container-Host einen neuen Stack aus einer Compose-Datei an. Ein Probelauf nennt jedes Image, jeden ' +
      'Port, jede Einbindung, jedes Volume und Netz. Die Datei bleibt dort, wo spätere Updates sie finden.',
  },
  risk: 'provision',
  kinds: ['host'],
  // What runs there goes on: whatever would take its place is refused.
  interrupts: () => false,
  input: deployStackInput,
});
