import './cards/lab-card.ts';

interface CustomCard {
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly preview: boolean;
  readonly documentationURL: string;
}

const page = window as { customCards?: CustomCard[] };
page.customCards ??= [];
page.customCards.push({
  type: 'labkeeper-card',
  name: 'Labkeeper',
  description: 'The home lab: what runs on what, how it is, and what to do about it',
  preview: true,
  documentationURL: 'https://github.com/labkeeper/labkeeper#on-a-dashboard',
});
