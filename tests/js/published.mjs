// The functions of the published scripts (`portal`, `privatePage`), the shared vectors, and a way to say "refused".
// A script starts its page when it is loaded, so there is a page here: every part of it is this one empty element.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const nothing = () => {};
export const element = { dataset: {}, addEventListener: nothing, replaceChildren: nothing };
Object.assign(globalThis, {
  document: { title: "", getElementById: () => element },
  location: { hash: "", origin: "" },
  addEventListener: nothing,
});

const folder = pathToFileURL(process.env.CERTPORTAL_SCRIPTS ?? built());
export const portal = await import(`${folder}/verify.mjs`);
export const privatePage = await import(`${folder}/private_page.mjs`);

/** The scripts made on the spot, for `node --test tests/js` by itself. */
function built() {
  const made = mkdtempSync(join(tmpdir(), "certportal-scripts-"));
  execFileSync(join(root, ".venv/bin/python"), ["-m", "tests.js.scripts", made], { cwd: root });
  return made;
}

export function vectors(name) {
  return JSON.parse(readFileSync(join(root, `tests/vectors/${name}.json`), "utf-8"));
}

/** Each case, by its `why`, is refused with `Malformed` by `work`, and by no other error. */
export async function refusesAll(work, cases) {
  assert.notEqual(cases.length, 0);
  for (const one of cases) await assert.rejects(async () => work(one), portal.Malformed, one.why);
}

export function base64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
