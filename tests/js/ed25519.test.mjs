import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, vectors } from "./published.mjs";

const { bytes, public: key, type } = vectors("envelope").signed;
// The orders 1, 2, 4 and 8 of the curve's small subgroup, and spellings of points beyond the field.
const WEAK = [
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  "00".repeat(32),
  `${"00".repeat(31)}80`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
  "ff".repeat(32),
  key.slice(2),
];

test("a public key that would verify what nobody signed is refused", () => {
  assert.equal(portal.hex(portal.checkedPublic(key)), key);
  for (const weak of WEAK) assert.throws(() => portal.checkedPublic(weak), portal.Malformed, weak);
});

test("a signature is good for its message, key and every one of its bits only", async () => {
  const { payload, signatures } = portal.decodeEnvelope(portal.unhex(bytes), type, 65_536);
  const [{ raw }] = signatures;
  const [public_, message] = [portal.checkedPublic(key), portal.pae(type, payload)];
  assert.equal(await portal.isSigned(public_, message, raw), true);
  assert.equal(await portal.isSigned(public_, message.slice(1), raw), false);
  for (let bit = 0; bit < 512; bit += 1) {
    const flipped = raw.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    assert.equal(await portal.isSigned(public_, message, flipped), false, `bit ${bit}`);
  }
});
