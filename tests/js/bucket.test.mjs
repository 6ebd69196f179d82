import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, refusesAll, vectors } from "./published.mjs";

const { bucket, invalid, with_proof } = vectors("bucket");
const decode = ({ bytes }) => portal.decodeBucket(portal.unhex(bytes));

for (const [name, file] of [
  ["without", bucket],
  ["with", with_proof],
]) {
  test(`a bucket ${name} a log proof`, () => {
    const { year, bits, prefix, version, entries } = decode(file);
    assert.equal(portal.bucketPath(year, bits, prefix), bucket.path);
    assert.equal(version, bucket.version);
    assert.deepEqual(
      entries.map(({ tag }) => tag),
      bucket.tags,
    );
  });
}

test("buckets of any other form are refused", () => refusesAll(decode, invalid));
