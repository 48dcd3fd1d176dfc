import {
  deployStackInput,
  pruneInput,
  recreateInput,
  removeStackInput,
  updateStackInput,
} from '../contract/inputs/stacks.ts';
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

export const updateStack = provisioned({
  id: 'update_stack',
  title: 'Change stack',
  description:
    'Gives a stack that was made from here, or by Portainer, another Compose file or other variables, and makes anew what ' +
    'differs. A dry run names it. Newer images of the same file are the matter of “Update image”.',
  de: {
    title: 'Stack ändern',
    description:
      'Gibt einem Stack, der von hier oder von Portainer angelegt wurde, eine andere Compose-Datei oder andere Variablen und ' +
      'legt neu an, was sich unterscheidet. Ein Probelauf nennt es. Neuere Images derselben Datei sind Sache von „Update image“.',
  },
  risk: 'provision',
  kinds: ['stack'],
  input: updateStackInput,
});

export const removeStack = provisioned({
  id: 'remove_stack',
  title: 'Remove stack',
  description:
    'Ends a stack and removes its containers and networks. Its volumes stay unless it is said otherwise, and so do its files ' +
    'on the engine’s machine.',
  de: {
    title: 'Stack entfernen',
    description:
      'Beendet einen Stack und entfernt seine Container und Netze. Seine Volumes bleiben, wenn nichts anderes gesagt wird, ' +
      'und auch seine Dateien auf der Maschine der Engine.',
  },
  risk: 'destroy',
  kinds: ['stack'],
  takesAway: true,
  input: removeStackInput,
});

export const prune = provisioned({
  id: 'prune',
  title: 'Tidy up host',
  description:
    'Removes from a container host what nothing uses: images, what builds keep, volumes. Volumes only where that is said. ' +
    'A dry run lists all that goes and how much that frees.',
  de: {
    title: 'Host aufräumen',
    description:
      'Entfernt von einem Container-Host, was nichts benutzt: Images, was Builds behalten, Volumes. Volumes nur, wenn das ' +
      'gesagt wird. Ein Probelauf zählt auf, was geht und wie viel das freigibt.',
  },
  risk: 'destroy',
  kinds: ['host'],
  // Nothing that a container is made from or has is touched.
  interrupts: () => false,
  input: pruneInput,
});

export const recreateContainer = provisioned({
  id: 'recreate_container',
  title: 'Recreate container',
  description:
    'Makes a container anew as it was. The old one is kept until the new one is well; after a failure it runs again, as ' +
    'with an update.',
  de: {
    title: 'Container neu anlegen',
    description:
      'Legt einen Container so neu an, wie er war. Der alte wird behalten, bis es dem neuen gut geht; nach einem Fehlschlag ' +
      'läuft er wieder, wie bei einem Update.',
  },
  risk: 'provision',
  kinds: ['container'],
  input: recreateInput,
});
