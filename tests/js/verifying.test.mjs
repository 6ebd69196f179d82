import assert from "node:assert/strict";
import { test } from "node:test";
import { base64, portal, vectors } from "./published.mjs";

const { cases, pin, site: encoded } = vectors("verdict");
const site = decoded(encoded);
const NOW = "2026-11-23T00:00:00Z";
// Fields of a verdict beside kind, step and reason, by their names in the vectors.
const FIELDS = {
  changed_on: "changedOn",
  until: "until",
  reason_code: "reasonCode",
  successor: "successor",
  suggestion: "suggestion",
  notices: "notices",
  checked_at: "checkedAt",
  next_update: "nextUpdate",
};
const INPUT = ["name", "number", "now", "files", "pin", "kind", "step", "reason"];

/** Files from their base64; null stays null. */
function decoded(files) {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text === null ? null : base64(text)]),
  );
}

/** A host of these files; one that is null or not there is missing. */
function host(files) {
  return { read: async (path) => files[path] ?? Promise.reject(new portal.Unreachable("missing")) };
}

function verdict(number, files, now, trusted = pin) {
  return portal.verify(number, host(files), portal.decodePin(new TextEncoder().encode(trusted)), now);
}

// A file beside the verification code is a way in that the page does not have yet; Python alone takes those cases.
for (const { file, ...expected } of cases.filter((one) => !("file" in one))) {
  test(expected.name, async () => {
    const files = { ...site, ...decoded(expected.files) };
    const found = await verdict(expected.number, files, expected.now, expected.pin);
    for (const name of ["kind", "step", "reason"]) assert.equal(found[name], expected[name], name);
    const more = Object.keys(expected).filter((name) => !INPUT.includes(name));
    for (const name of more) assert.deepEqual(found[FIELDS[name]], expected[name], name);
  });
}

/** Shard and bucket of one look-up. */
async function touched(number) {
  const { issuer_id } = JSON.parse(pin);
  const prefix = (await portal.derive(number, issuer_id)).prefix(2);
  return [portal.shardPath(2026, 2, prefix), portal.bucketPath(2026, 2, prefix)];
}

const { number: valid } = cases.find(({ name }) => name === "valid");
const { number: revoked } = cases.find(({ name }) => name === "revoked");
const common = ["manifest.json", "head.json"].map((path) => [valid, path]);
const own = await Promise.all(
  [valid, revoked].map(async (number) => (await touched(number)).map((path) => [number, path])),
);

for (const [number, path] of [...common, ...own.flat()]) {
  test(`${number}: a flipped bit of ${path} can only prevent an answer`, async () => {
    const whole = site[path];
    const stride = number === valid && whole.length < 2_000 ? 1 : Math.max(1, Math.floor(whole.length / 500));
    for (let at = 0; at < whole.length; at += stride) {
      const flipped = whole.slice();
      flipped[at] ^= 1 << (at % 8);
      const { kind, statement } = await verdict(number, { ...site, [path]: flipped }, NOW);
      assert.deepEqual([kind, statement], ["unreachable", undefined], `byte ${at}`);
    }
  });
}

test("an older publication than one seen before is outdated", async () => {
  const { number } = cases[0];
  const trusted = portal.decodePin(new TextEncoder().encode(pin));
  const { sequence, manifest } = await portal.verify(number, host(site), trusted, NOW);
  for (const [seen, kind] of [
    [{ manifestVersion: manifest.version, sequence }, "valid"],
    [{ manifestVersion: manifest.version, sequence: sequence + 1 }, "unreachable"],
    [{ manifestVersion: manifest.version + 1, sequence }, "unreachable"],
  ]) {
    const found = await portal.verify(number, host(site), trusted, NOW, seen);
    assert.deepEqual([found.kind, found.reason], [kind, kind === "valid" ? "" : "outdated"]);
  }
});
