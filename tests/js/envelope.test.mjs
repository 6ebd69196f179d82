import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, refusesAll, vectors } from "./published.mjs";

const { not_signed_by_that_key: unsigned, pae, signed } = vectors("envelope");

function payloadOf({ type, bytes, public: key }) {
  const envelope = portal.decodeEnvelope(portal.unhex(bytes), type, 65_536);
  return portal.verifiedPayload(envelope, [portal.checkedPublic(key)]);
}

test("the bytes that are signed", () => {
  for (const { type, payload, bytes } of pae) {
    assert.equal(portal.hex(portal.pae(type, portal.unhex(payload))), bytes, type);
  }
});

test("a payload is had by its key's signature alone", async () => {
  assert.equal(portal.hex(await payloadOf(signed)), signed.payload);
  await refusesAll(
    payloadOf,
    unsigned.map((one) => ({ ...signed, ...one })),
  );
});
