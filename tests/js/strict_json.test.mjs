import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, refusesAll, vectors } from "./published.mjs";

const { invalid, valid } = vectors("strict_json");
const decode = ({ bytes }) => portal.decodeJson(portal.unhex(bytes), 10_000);

test("canonical JSON is read", () => {
  for (const one of valid) assert.deepEqual(decode(one), one.value);
});

test("JSON in any other spelling is refused", () => refusesAll(decode, invalid));

test("the cap is the last length that is read", () => {
  const data = new TextEncoder().encode("[1,2]");
  assert.deepEqual(portal.decodeJson(data, 5), [1, 2]);
  assert.throws(() => portal.decodeJson(data, 4), portal.Malformed);
});
