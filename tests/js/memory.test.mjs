import assert from "node:assert/strict";
import { test } from "node:test";
import { portal } from "./published.mjs";

const NOTHING = { manifestVersion: 0, sequence: 0 };

function storage(value) {
  Object.defineProperty(globalThis, "localStorage", { configurable: true, ...value });
}

function holding(text) {
  const held = new Map(text === undefined ? [] : [["certportal abc", text]]);
  storage({
    value: { getItem: (key) => held.get(key) ?? null, setItem: (key, item) => held.set(key, item) },
  });
  return held;
}

test("what was seen is kept under its issuer, and is all that is kept", () => {
  const held = holding();
  assert.deepEqual(portal.remembered("abc"), NOTHING);
  portal.remember("abc", { manifestVersion: 2, sequence: 8 });
  assert.deepEqual([...held], [["certportal abc", "2 8"]]);
  assert.deepEqual(portal.remembered("abc"), { manifestVersion: 2, sequence: 8 });
  assert.deepEqual(portal.remembered("another"), NOTHING);
});

test("nonsense in the storage counts as nothing", () => {
  holding("<nonsense> NaN -1e999");
  assert.deepEqual(portal.remembered("abc"), { manifestVersion: 0, sequence: 0 });
});

test("a check needs no storage", () => {
  storage({
    get() {
      throw new DOMException("no");
    },
  });
  portal.remember("abc", { manifestVersion: 2, sequence: 8 });
  assert.deepEqual(portal.remembered("abc"), NOTHING);
});
