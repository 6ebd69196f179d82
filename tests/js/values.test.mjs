import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, refusesAll, vectors } from "./published.mjs";

const values = vectors("values");
const decoders = {
  statement: portal.decodeStatement,
  manifest: portal.decodeManifest,
  head: portal.decodeHead,
  pin: portal.decodePin,
};

for (const [name, decode] of Object.entries(decoders)) {
  const work = async ({ bytes }) => decode(portal.unhex(bytes));

  test(`${name}: every well-formed value is taken`, async () => {
    for (const one of values[name].valid) await assert.doesNotReject(work(one), one.why);
  });

  test(`${name}: every other value is refused`, () => refusesAll(work, values[name].invalid));
}
