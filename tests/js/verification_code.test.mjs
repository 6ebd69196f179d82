import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, vectors } from "./published.mjs";

const { encode, grouped, read } = vectors("number");

test("what people type is read as the vectors say", () => {
  for (const { typed, number, reason, suggestion } of read) {
    assert.deepEqual(portal.readCode(typed), { code: number, reason, suggestion }, typed);
  }
});

test("codes as they are made are read as they are", () => {
  for (const { number } of encode) assert.equal(portal.readCode(number).code, number);
});

test("a code is printed in groups", () => {
  assert.equal(portal.grouped(grouped.number), grouped.printed);
});

test("a text of a hundred megabytes is no code", () => {
  assert.equal(portal.readCode("9".repeat(100_000_000)).reason, "length");
});
