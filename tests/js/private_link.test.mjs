import assert from "node:assert/strict";
import { test } from "node:test";
import { element, privatePage as page, vectors } from "./published.mjs";

const { derive, file, invalid } = vectors("private_link");
const issuerId = derive[0].issuer_id;

async function open({ secret, bytes }) {
  return page.openLink(await page.linkKeys(secret, issuerId), page.unhex(bytes));
}

test("what follows from a secret", async () => {
  for (const { secret, issuer_id, id, key, path } of derive) {
    const made = await page.linkKeys(secret, issuer_id);
    assert.deepEqual([page.hex(made.id), page.hex(made.key), made.path], [id, key, path]);
  }
});

test("a link opens the very file", async () => {
  const { facts, pdf } = await open(file);
  assert.equal(page.hex(pdf), file.pdf);
  assert.deepEqual(facts, typeof file.facts === "string" ? JSON.parse(file.facts) : file.facts);
});

test("files of any other form are refused", async () => {
  for (const one of invalid) await assert.rejects(open(one), page.Malformed, one.why);
});

test("a page without a whole secret in its address says so", () => {
  assert.equal(element.dataset.link, "incomplete");
});
