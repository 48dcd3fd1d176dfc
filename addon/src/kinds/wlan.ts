import Type from 'typebox';
import { outcome } from './outcome.ts';
import { defineKind } from './rows.ts';
import { integer, text } from './schema.ts';

const flag = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });

/** A wireless network, as clients see its name. */
export const wlan = defineKind({
  kind: 'wlan',
  title: { en: 'WLAN', de: 'WLAN' },
  readings: Type.Object({
    on: flag('it is sent; null while unknown'),
    enabled: Type.Optional(flag('the same, where it can be switched from here')),
    clients: integer('clients in it'),
    security: text('how it is secured, as in “wpapsk”'),
    network: text('the network that its clients are in'),
    qr: Type.Optional(
      text('QR code that lets a phone join, a PNG in Base64; only where a person wants it shown'),
    ),
  }),
  rows: [
    {
      key: 'on',
      platform: 'binary_sensor',
      reading: 'on',
      name: { en: 'Sent', de: 'Wird gesendet' },
      topic: 'state',
      level: 'standard',
      icon: 'mdi:wifi',
    },
    {
      key: 'enabled',
      platform: 'switch',
      reading: 'enabled',
      name: { en: 'Enabled', de: 'Eingeschaltet' },
      topic: 'state',
      level: 'essential',
      category: 'config',
      icon: 'mdi:wifi-cog',
      commands: {
        ON: { action: 'set_wlan', input: { wlan: 'on' } },
        OFF: { action: 'set_wlan', input: { wlan: 'off' } },
      },
    },
    {
      key: 'qr',
      platform: 'image',
      reading: 'qr',
      name: { en: 'QR code', de: 'QR-Code' },
      level: 'standard',
      icon: 'mdi:qrcode',
    },
    outcome,
    {
      key: 'clients',
      platform: 'sensor',
      reading: 'clients',
      name: { en: 'Clients', de: 'Clients' },
      topic: 'metrics',
      level: 'essential',
      stateClass: 'measurement',
      damping: { least: 1, share: 0.02 },
      icon: 'mdi:devices',
    },
    {
      key: 'network',
      platform: 'sensor',
      reading: 'network',
      name: { en: 'Network', de: 'Netz' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:lan',
    },
    {
      key: 'security',
      platform: 'sensor',
      reading: 'security',
      name: { en: 'Security', de: 'Verschlüsselung' },
      topic: 'state',
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:wifi-lock',
    },
  ],
});
