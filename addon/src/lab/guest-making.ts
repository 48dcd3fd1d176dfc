import { createVmInput } from '../contract/inputs/create-vm.ts';
import { provisioned } from './provisioned.ts';

export const createVm = provisioned({
  id: 'create_vm',
  title: 'Create VM',
  description:
    'Makes a virtual machine on a node: from a template, from a cloud image by its address and checksum, or for an ISO to ' +
    'install from. Its id is chosen by itself; the job answers with id and address.',
  de: {
    title: 'VM anlegen',
    description:
      'Legt auf einem Knoten eine virtuelle Maschine an: aus einer Vorlage, aus einem Cloud-Image nach Adresse und ' +
      'Prüfsumme oder für ein ISO, von dem installiert wird. Ihre ID wird selbst gewählt; der Auftrag antwortet mit ID ' +
      'und Adresse.',
  },
  risk: 'provision',
  kinds: ['node'],
  // What is there goes on.
  interrupts: () => false,
  input: createVmInput,
});
