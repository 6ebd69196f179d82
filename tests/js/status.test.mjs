import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, refusesAll, vectors } from "./published.mjs";

const { bits, exception, invalid_bodies, shard } = vectors("status");

test("a status shard", () => {
  const made = portal.decodeShard(portal.splitShard(portal.unhex(shard.bytes)).body);
  const { bytes, public: key, path, prefix, exceptions, ...expected } = shard;
  assert.equal(portal.shardPath(made.year, made.bits, made.prefix), path);
  assert.equal(made.prefix.toString(16).padStart(6, "0"), prefix);
  assert.deepEqual(
    made.exceptions.map(({ tag }) => tag),
    exceptions,
  );
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(made[name], value, name);
});

test("shards of any other form are refused", () =>
  refusesAll(({ bytes }) => portal.decodeShard(portal.unhex(bytes)), invalid_bodies));

test("an exception opens with the verification code", async () => {
  const keys = await portal.derive(exception.number, exception.issuer_id);
  const [nonce, sealed] = [portal.unhex(exception.nonce), portal.unhex(exception.sealed)];
  const made = await portal.unsealException(keys, { tag: exception.tag, nonce, sealed });
  for (const name of ["kind", "changed_on", "until", "reason_code"]) {
    assert.equal(made[name], exception[name], name);
  }
});

test("where a bucket's status stands", () => {
  for (const { bits: count, path, prefix, shard_bits, shard_prefix } of bits) {
    const bucket = portal.leading(Number.parseInt(prefix, 16), count);
    assert.equal(portal.shardBits(count), shard_bits, `${count} bits`);
    assert.equal(portal.shardPrefix(bucket, count), Number.parseInt(shard_prefix, 16), `${count} bits`);
    assert.equal(portal.shardPath(2026, count, bucket), path, `${count} bits`);
  }
});
