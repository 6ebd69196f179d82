import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, vectors } from "./published.mjs";

for (const expected of vectors("derivation").derive) {
  test(`what ${expected.number} opens`, async () => {
    const keys = await portal.derive(expected.number, expected.issuer_id);
    assert.equal(portal.hex(keys.locator), expected.locator);
    assert.equal(keys.tag, expected.tag);
    assert.equal(portal.hex(await keys.recordKey()), expected.record_key);
    assert.equal(await keys.statusTag(), expected.status_tag);
    assert.equal(portal.hex(await keys.statusKey()), expected.status_key);
    for (const [bits, name] of Object.entries(expected.prefix)) {
      assert.equal(keys.prefix(Number(bits)).toString(16).padStart(6, "0"), name, `${bits} bits`);
    }
  });
}
