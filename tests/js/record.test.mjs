import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, refusesAll, vectors } from "./published.mjs";

const { badged, entry, invalid_entries, invalid_frames, record, tombstone } = vectors("record");
const decode = ({ bytes }) => portal.decodeFrame(portal.unhex(bytes));
const text = (bytes) => new TextDecoder().decode(bytes);

test("a record's frame", async () => {
  const { erased, payload, pdf } = await decode(record);
  assert.equal(erased, false);
  assert.equal(text(payload), record.statement);
  assert.equal(portal.hex(pdf), record.pdf_sha256);
  assert.equal(text((await decode(badged)).payload), record.statement);
});

test("a tombstone's frame", async () => {
  const { erased, payload, pdf } = await decode(tombstone);
  assert.deepEqual([erased, text(payload), pdf], [true, tombstone.payload, null]);
});

test("frames of any other form are refused", () => refusesAll(decode, invalid_frames));

async function opened({ number, issuer_id, bytes }) {
  const [keys, raw] = [await portal.derive(number, issuer_id), portal.unhex(bytes)];
  const parts = { tag: portal.hex(raw.slice(0, 16)), nonce: raw.slice(16, 28), sealed: raw.slice(30) };
  return portal.hex(await portal.unsealEntry(keys, parts));
}

test("an entry opens with its own verification code", async () => {
  assert.equal(await opened(entry), entry.frame);
});

test("entries that sealing would not have made are refused", () =>
  refusesAll(
    opened,
    invalid_entries.map((one) => ({ issuer_id: entry.issuer_id, ...one })),
  ));
