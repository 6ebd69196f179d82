import assert from "node:assert/strict";
import { test } from "node:test";
import { portal, vectors } from "./published.mjs";

const code = vectors("number").encode[0].number;
const manifest = {
  name: "Northfield Awarding",
  version: 1,
  origins: [{ origin: "https://verify.northfield.example" }],
};
const found = {
  manifest,
  checkedAt: "2026-11-22T02:00:00Z",
  nextUpdate: "2026-12-13T02:00:00Z",
  sequence: 7,
};
const question = { typed: code, clock: "2026-11-23T09:00:00Z", here: "https://verify.northfield.example" };

function text(kind, more = {}, asked = {}) {
  return portal.verdictText(portal.verdictOf(kind, 1, { ...found, ...more }), { ...question, ...asked });
}

/** The page's words on what was typed. */
function typed(given) {
  const { code: read, ...fault } = portal.readCode(given);
  assert.equal(read, null, given);
  return portal.verdictText(portal.verdictOf("malformed", 1, fault), { ...question, typed: given });
}

/** The code with another symbol in this place. */
function changed(at) {
  return code.slice(0, at) + (code[at] === "2" ? "3" : "2") + code.slice(at + 1);
}

for (const [given, says] of [
  [`${code.slice(0, 8)}А${code.slice(9)}`, "a character that no verification code has"], // Cyrillic
  [`${code.slice(0, 8)}U${code.slice(9)}`, "a character that no verification code has"],
  [code.slice(0, -1), "You gave 23"],
  [`${code}0`, "You gave 25"],
  [changed(2), "nothing was looked up"],
  ["%", "You gave 1"],
  ["%E0%A4%A", "24 letters and digits"],
  ["NW-26-004312", "24 letters and digits"],
  ["<img src=x onerror=alert(1)>", "24 letters and digits"],
  ["9".repeat(1_000_000), "You gave 1000000"],
  ["A".repeat(330_000), "You gave 330000"],
]) {
  test(`${given.slice(0, 40)} is no verification code`, () => {
    const { means, quote, now, title } = typed(given);
    assert.equal(title, "Mistyped");
    assert.ok(means.join().includes(says), means.join());
    assert.ok(quote.length <= 61 && now.length > 0);
  });
}

test("a certificate number is told from a verification code", () => {
  assert.ok(
    typed("NW-26-004312").now.includes("The certificate number, which is shorter, opens nothing here"),
  );
});

test("one mistyped character is corrected, marked, and looked up only when asked for", () => {
  const { action, quote } = typed(changed(12));
  assert.deepEqual([action.text, action.marked, quote], [code, 12, changed(12)]);
});

test("no sentence keeps an empty place", () => {
  const dates = { changedOn: "2026-11-21", until: "2026-12-31" };
  for (const kind of Object.keys(portal.WORDS.verdicts).filter((name) => name !== "malformed")) {
    const { title, means, notes, now, checked, body } = text(kind, { ...dates, contradicted: "grade" });
    const sentences = [title, ...means, ...notes, now, checked, body].join(" ");
    assert.ok(!/[{}]|undefined|“”/.test(sentences), `${kind}: ${sentences}`);
  }
});

test("a list out of date without the code calls nothing genuine", () => {
  const { title, quote, means, now } = text("stale", { reason: "absent" });
  assert.equal(quote, code);
  assert.ok(!/genuine/i.test([title, ...means, now].join()));
});

test("why a look-up failed is said, and that it says nothing of the certificate", () => {
  for (const [reason, why] of Object.entries(portal.WORDS.unreachable)) {
    const { means, action } = text("unreachable", { reason });
    assert.deepEqual(means, ["This says nothing about the certificate, good or bad.", why]);
    assert.deepEqual(action, { label: "Try again", text: code });
  }
});

test("a host that answered is not blamed on the connection", () => {
  for (const reason of ["missing", "refused", "browser", "key_window", "key_cut_off"])
    assert.doesNotMatch(text("unreachable", { reason }).now, /your connection/);
  assert.match(text("unreachable", { reason: "network" }).now, /your connection/);
});

test("a newer certificate is offered", () => {
  assert.deepEqual(text("superseded", { successor: code }).action, {
    label: "Check the newer certificate",
    text: code,
  });
});

test("notices: another origin, a clock that is behind, a sample", () => {
  const notes = (more, asked) => text("valid", more, asked).notes.join(" ");
  assert.equal(notes(), "");
  assert.match(notes({}, { here: "https://copy.example" }), /copy of this site/);
  assert.match(notes({}, { clock: "2026-11-21T23:59:59Z" }), /Your device’s clock says 21 November 2026/);
  assert.match(notes({ manifest: { ...manifest, sample: true } }), /This is a sample/);
  assert.match(notes({ notices: ["reinstated"] }), /was reinstated/);
});

test("a revoked one says what was decided, where the reason code says more", () => {
  assert.match(text("revoked", { reasonCode: 1 }).notes.join(), /investigation/);
  assert.equal(text("revoked", { reasonCode: 0 }).notes.join(), "");
  assert.equal(text("suspended", { reasonCode: 1 }).notes.join(), "");
});

test("days and instants as they are written", () => {
  assert.equal(portal.dated("2026-06-26"), "26 June 2026");
  assert.equal(portal.dated("2026-11-22T02:00:00Z"), "22 November 2026, 02:00 UTC");
});
