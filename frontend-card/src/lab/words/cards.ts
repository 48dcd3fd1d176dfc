/** What Home Assistant shows of the cards in its picker and forms. English, German. */
export const cards = {
  view_topology: ['Lab', 'Labor'],
  view_resources: ['Resources', 'Auslastung'],
  view_network: ['Network', 'Netzwerk'],
  view_storage: ['Storage and protection', 'Speicher und Sicherung'],
  view_ai: ['AI', 'KI'],
  'view_build-out': ['Build-out', 'Ausbau'],
  view_jobs: ['Jobs and audit', 'Aufträge und Protokoll'],
  no_such_kind: ['There is no such thing in this lab: {kind}', 'Das gibt es in diesem Labor nicht: {kind}'],
  no_such_thing: [
    'Not found: the device that this card shows ({kind}). Choose another in its settings.',
    'Nicht gefunden: das Gerät, das diese Karte zeigt ({kind}). Wählen Sie in ihren Einstellungen ein anderes.',
  ],
  form_view: ['View', 'Ansicht'],
  form_title: ['Title', 'Titel'],
  form_hours: ['Graphs go back', 'Diagramme reichen zurück'],
  form_fold: ['Fold from', 'Zuklappen ab'],
  form_fold_help: [
    'Branches with more things than this begin folded.',
    'Zweige mit mehr Dingen sind anfangs zugeklappt.',
  ],
  form_device: ['Device', 'Gerät'],
  'card_labkeeper-card': ['Labkeeper', 'Labkeeper'],
  'card_labkeeper-card_about': [
    'The home lab: what runs on what, how it is, and what to do about it',
    'Das Labor zu Hause: was worauf läuft, wie es ihm geht und was zu tun ist',
  ],
  'card_labkeeper-node-card': ['Labkeeper: node', 'Labkeeper: Knoten'],
  'card_labkeeper-node-card_about': [
    'A Proxmox VE node with all that runs on it',
    'Ein Knoten von Proxmox VE mit allem, was darauf läuft',
  ],
  'card_labkeeper-guest-card': ['Labkeeper: guest', 'Labkeeper: Gast'],
  'card_labkeeper-guest-card_about': [
    'A virtual machine or LXC container, with power, snapshot and backup',
    'Eine virtuelle Maschine oder ein LXC-Container, mit Betrieb, Snapshot und Sicherung',
  ],
  'card_labkeeper-gpu-card': ['Labkeeper: graphics card', 'Labkeeper: Grafikkarte'],
  'card_labkeeper-gpu-card_about': [
    'A graphics card: who has its memory, and what fits in it',
    'Eine Grafikkarte: wer ihren Speicher hat und was hineinpasst',
  ],
  card_strategy: ['Labkeeper', 'Labkeeper'],
  card_strategy_about: ['A whole dashboard of the home lab', 'Ein ganzes Dashboard des Labors'],
} as const;
