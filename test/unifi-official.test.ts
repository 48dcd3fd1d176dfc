import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { createNetwork } from '../addon/src/lab/vlan-networks.ts';

/** The vendor's own specification of a newer interface; it is no part of the project. */
const FILE = `${import.meta.dirname}/../../shared/reference/recorded/unifi-official__integration-openapi.json`;
const skip = existsSync(FILE) ? false : 'no specification here';

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}
interface Schema {
  readonly properties: Readonly<Record<string, Bounds>>;
}

suite('what is asked of a UniFi controller', { skip }, () => {
  const { components } = skip
    ? { components: { schemas: {} } }
    : (JSON.parse(readFileSync(FILE, 'utf8')) as { components: { schemas: Record<string, Schema> } });
  const schemas = components.schemas as Readonly<Record<string, Schema>>;

  test('is a VLAN that the vendor allows', () => {
    const { vlanId } = schemas['Create or update Network']?.properties ?? {};
    const { vlan } = createNetwork.input.properties as unknown as { readonly vlan: Bounds };
    // 1 is the default network's.
    assert.deepEqual([vlan.minimum, vlan.maximum], [2, vlanId?.maximum]);
  });

  test('is a subnet of a size that the vendor allows', () => {
    const { prefixLength } = schemas['Gateway Managed IPv4 Configuration']?.properties ?? {};
    assert.ok(prefixLength !== undefined && prefixLength.minimum <= 8 && prefixLength.maximum >= 29);
  });
});
