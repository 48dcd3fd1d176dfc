import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type Port, portsOf, residentsOf, wansOf } from '../lab/network.ts';
import { EMPTY, type LabView, num, str, type Thing } from '../lab/thing.ts';
import { isTrouble, nameWithin, ofKinds } from '../lab/tree.ts';
import type { Words } from '../lab/words/words.ts';
import { chip, chipStyle } from './chip.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { intend } from './intent.ts';
import { listStyle } from './list-style.ts';
import { shape, shapeStyle } from './shape.ts';
import { subtitle } from './subtitle.ts';
import { tokens } from './tokens.ts';

/** The way out, the VLANs and who lives on them, and the ports of the switches. */
export class LabkeeperNetwork extends LitElement {
  static override properties = { lab: { attribute: false }, words: { attribute: false } };
  static override styles = [
    tokens,
    shapeStyle,
    chipStyle,
    listStyle,
    css`
      .ports {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(34px, 1fr));
        gap: 4px;
      }
      .port {
        display: grid;
        place-items: center;
        block-size: 30px;
        border-radius: 5px;
        border: 1.5px solid var(--lk-line);
        font-size: 12px;
        color: var(--lk-dim);
        position: relative;
      }
      .port.up {
        border-color: var(--lk-ok);
        color: var(--lk-text);
        background: color-mix(in srgb, var(--lk-ok) 14%, transparent);
      }
      .port.poe::after {
        content: '';
        position: absolute;
        inset-block-start: 3px;
        inset-inline-end: 3px;
        border: 3px solid var(--lk-accent);
        border-radius: 50%;
      }
      .vlan {
        display: grid;
        gap: 8px;
        padding: 10px 12px;
      }
      .vlan .row {
        padding: 0;
      }
      .tag {
        flex: none;
        padding: 0 8px;
        border-radius: 6px;
        background: var(--lk-softer);
        font-size: 12px;
      }
    `,
  ];

  declare lab: LabView;
  declare words: Words;

  constructor() {
    super();
    this.lab = EMPTY;
  }

  protected override render(): TemplateResult {
    const { lab, words } = this;
    const gateways = ofKinds(lab, 'gateway');
    const networks = ofKinds(lab, 'network');
    const switches = ofKinds(lab, 'switch');
    const air = ofKinds(lab, 'accesspoint', 'wlan');
    return html`
      ${gateways.length === 0 ? nothing : html`<section><h3>${words.say('internet')}</h3><div class="rows">${gateways.map((one) => this.#gateway(one))}</div></section>`}
      ${networks.length === 0 ? nothing : html`<section><h3>${words.say('networks')}</h3><div class="rows">${networks.map((one) => this.#network(one))}</div></section>`}
      ${switches.length === 0 ? nothing : html`<section><h3>${words.say('ports')}</h3>${switches.map((one) => this.#switch(one))}</section>`}
      ${air.length === 0 ? nothing : html`<section><h3>${words.say('wireless')}</h3><div class="chips">${air.map((one) => chip(one, words, this, lab.things.get(one.parent ?? '')))}</div></section>`}
      ${gateways.length + networks.length + switches.length + air.length === 0 ? html`<p class="dim">${words.say('no_network')}</p>` : nothing}
    `;
  }

  #details(thing: Thing): () => void {
    return () => intend(this, { type: 'details', thing: thing.id });
  }

  #gateway(gateway: Thing): TemplateResult {
    const { words } = this;
    const value = (key: string): string | undefined =>
      gateway.readings[key] === undefined ? undefined : words.value(gateway.readings[key]);
    const rates = [value('received') && `↓ ${value('received')}`, value('sent') && `↑ ${value('sent')}`];
    return html`<button class="row line" @click=${this.#details(gateway)}>
        ${shape(gateway.health)}${icon('gateway')}<span class="name">${gateway.name}</span>
        ${isTrouble(gateway.health) ? html`<span class="dim small name">${subtitle(gateway, words)}</span>` : nothing}
        <span class="end num">${rates.filter(Boolean).join('  ')}</span></button>
      ${wansOf(gateway).map(
        ({
          title,
          up,
          ip,
          latency,
        }) => html`<div class="row">${shape(up === undefined ? 'unknown' : up ? 'ok' : 'off')}
          <span class="name">${title}</span><span class="dim">${ip ?? words.say(up ? 'connectivity_on' : 'connectivity_off')}</span>
          <span class="end num dim">${latency === undefined ? '' : words.value({ key: 'latency', value: latency, unit: 'ms' })}</span></div>`,
      )}`;
  }

  #network(network: Thing): TemplateResult {
    const { words, lab } = this;
    const vlan = num(network, 'vlan') ?? str(network, 'vlan');
    const residents = residentsOf(lab, network);
    return html`<div class="vlan line">
      <button class="row" @click=${this.#details(network)}>${shape(network.health)}<span class="name">${nameWithin(network, lab.things.get(network.parent ?? ''))}</span>
        ${vlan === undefined ? nothing : html`<span class="tag">VLAN ${vlan}</span>`}
        <span class="dim small name">${str(network, 'subnet') ?? ''}</span>
        <span class="end num dim small">${words.count('clients', num(network, 'clients') ?? 0)}</span></button>
      ${residents.length === 0 ? nothing : html`<div class="chips">${residents.map((one) => chip(one, words, this, lab.things.get(one.parent ?? '')))}</div>`}
    </div>`;
  }

  #switch(one: Thing): TemplateResult {
    const { words, lab } = this;
    const ports = portsOf(lab, one);
    return html`<div class="tile">
      <button class="top" @click=${this.#details(one)}>${shape(one.health)}${icon('switch')}<span class="name">${one.name}</span>
        <span class="dim small end">${[one.model, one.readings.poe_power && `PoE ${words.value(one.readings.poe_power)}`].filter(Boolean).join(' · ')}</span></button>
      ${ports.length === 0 ? nothing : html`<div class="ports">${ports.map((port) => this.#port(port))}</div>`}
    </div>`;
  }

  #port(port: Port): TemplateResult {
    const { words } = this;
    const speed = port.speed ? words.value({ key: 'speed', value: port.speed, unit: 'Mbit/s' }) : undefined;
    const watts = port.watts
      ? `PoE ${words.value({ key: 'poe_power', value: port.watts, unit: 'W' })}`
      : undefined;
    const label = [
      ...[
        port.title === port.number ? port.number : `${port.number}: ${port.title}`,
        words.say(port.up ? 'connectivity_on' : 'connectivity_off'),
        speed,
        watts,
      ],
      ...port.things.map(({ name }) => name),
    ];
    const text = label.filter(Boolean).join(' · ');
    const [first] = port.things;
    return html`<button class="port ${port.up ? 'up' : ''} ${watts === undefined ? '' : 'poe'}" title=${text} aria-label=${text}
      @click=${() => {
        if (first !== undefined) intend(this, { type: 'details', thing: first.id });
        else if (port.entity !== undefined) intend(this, { type: 'entity', entity: port.entity });
      }}>${port.number}</button>`;
  }
}

define('labkeeper-network', LabkeeperNetwork);
