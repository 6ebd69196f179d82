import { derive } from "./derivation.js";
import { unsealEntry } from "./entry.js";
import { Unsupported } from "./errors.js";
import { sameBytes } from "./frame.js";
import { keyOf } from "./keyring.js";
import { readNumber } from "./number.js";
import { Unreachable, isSignedBy, orDamaged, readBucket, readHead, readManifest, readShard } from "./published.js";
import { decodeFrame, decodeGrave } from "./record.js";
import { decodeStatement } from "./statement.js";
import { listedBucket, unsealException } from "./status.js";
import { laterDay } from "./value.js";
import { SHOWS_FIELDS, verdictOf, worst } from "./verdict.js";

/**
 * The verdict recipe: twelve numbered steps from a number to an answer (SPEC, chapter Verdict).
 *
 * The same numbers stand in the SPEC, in verifying.py and in the vectors. A fault in any published byte
 * is `unreachable` (could not check), never a verdict on the certificate; bad news shows even from a
 * stale status, good news never does.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./keyring.js").Manifest} Manifest
 * @typedef {import("./keyring.js").Pin} Pin
 * @typedef {import("./published.js").Site} Site
 * @typedef {import("./published.js").Seen} Seen
 * @typedef {import("./derivation.js").Derived} Derived
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {{
 *   manifest: Manifest, shard: import("./status.js").Shard | null, fresh: boolean, now: string,
 *   sequence: number, frame: Bytes | null, step: number,
 * }} Found  What steps 3 to 7 lead to: the frame, or why there is none.
 */

/**
 * The verdict on a number as typed. `now` is the device's clock (an instant); `pin` and `seen` are held
 * beforehand and never come from `site`. Step 12, a file that was presented, is not among the ways in yet.
 *
 * @param {string} text
 * @param {Site} site
 * @param {Pin} pin
 * @param {string} now
 * @param {Seen} [seen]
 * @returns {Promise<Verdict>}
 */
export async function verify(text, site, pin, now, seen = { manifestVersion: 0, sequence: 0 }) {
  const { number, reason, suggestion } = readNumber(text);
  if (!number) return verdictOf("malformed", 1, { reason, suggestion });
  try {
    insistOnBrowser();
    const derived = await derive(number, pin.issuer_id);
    try {
      return await attempt(number, derived, site, pin, now, seen, false);
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      // One reload: between two requests the site may have been published anew.
      return await attempt(number, derived, site, pin, now, seen, true);
    }
  } catch (fault) {
    if (fault instanceof Unreachable) return verdictOf("unreachable", fault.step, { reason: fault.reason });
    if (fault instanceof Unsupported) return verdictOf("unreachable", 2, { reason: "browser" });
    throw fault;
  }
}

/** Over an insecure connection a browser has no `crypto.subtle`; before 2023 some had no raw inflate. */
function insistOnBrowser() {
  const { crypto, DecompressionStream } = /** @type {Partial<typeof globalThis>} */ (globalThis);
  if (!crypto?.subtle || !DecompressionStream) throw new Unsupported("WebCrypto or DecompressionStream");
}

/** @param {string} asked @param {Derived} derived @param {Site} site @param {Pin} pin @param {string} now @param {Seen} seen @param {boolean} again @returns {Promise<Verdict>} */
async function attempt(asked, derived, site, pin, now, seen, again) {
  const found = await find(derived, site, pin, now, seen, again);
  const { shard, frame } = found;
  const context = {
    checkedAt: shard?.issued_at ?? null,
    nextUpdate: shard?.next_update ?? null,
    manifest: found.manifest,
    sequence: found.sequence,
  };
  if (!frame || !shard) {
    const answer = found.fresh ? verdictOf("not_found", found.step) : verdictOf("stale", found.step, { reason: "absent" });
    return { ...answer, ...context };
  }
  return { ...(await judge(asked, derived, pin, found, frame, shard)), ...context };
}

/** Steps 3 to 7. @param {Derived} derived @param {Site} site @param {Pin} pin @param {string} clock @param {Seen} seen @param {boolean} again @returns {Promise<Found>} */
async function find(derived, site, pin, clock, seen, again) {
  const manifest = await readManifest(site, pin, again);
  const head = await readHead(site, manifest, pin, again);
  if (manifest.version < seen.manifestVersion || head.sequence < seen.sequence) throw new Unreachable(3, "outdated");
  const year = head.years.find((item) => item.year === derived.year);
  const { sequence } = head;
  if (!year) {
    const now = max(clock, head.issued_at);
    const fresh = now <= head.next_update && now <= manifest.expires_at;
    return { manifest, shard: null, fresh, now, sequence, frame: null, step: 4 };
  }
  const prefix = derived.prefix(year.bits);
  const shard = await readShard(site, manifest, head, year.year, year.bits, prefix, again);
  const now = max(clock, shard.issued_at);
  const fresh = now <= shard.next_update && now <= manifest.expires_at;
  const found = { manifest, shard, fresh, now, sequence, frame: null };
  const named = listedBucket(shard, prefix);
  if (!named?.version) return { ...found, step: 5 };
  const { entries } = await readBucket(site, year.year, year.bits, prefix, named, again);
  const entry = entries.find(({ tag }) => sameBytes(tag, derived.tag));
  if (!entry) return { ...found, step: 6 };
  return { ...found, step: 7, frame: await orDamaged(7, () => unsealEntry(derived, entry)) };
}

/** Steps 8 to 11, over an opened frame. @param {string} asked @param {Derived} derived @param {Pin} pin @param {Found} found @param {Bytes} frame @param {import("./status.js").Shard} shard @returns {Promise<Verdict>} */
async function judge(asked, derived, pin, found, frame, shard) {
  const item = await orDamaged(8, () => decodeFrame(frame));
  await checkSignatures(found.manifest, item);
  if (item.erased) return erased(item, found.manifest, asked, pin);
  const statement = await certified(item, found.manifest, asked, pin);
  /** @type {Verdict[]} */
  const answers = [];
  const tag = await derived.statusTag();
  const exception = shard.exceptions.find((sealed) => sameBytes(sealed.tag, tag));
  if (exception) answers.push(changed(await orDamaged(10, () => unsealException(derived, exception))));
  if (statement.expires_on && found.now.slice(0, 10) > statement.expires_on) {
    answers.push(verdictOf("expired", 11, { changedOn: statement.expires_on }));
  }
  if (!found.fresh) answers.push(verdictOf("stale", 4, { reason: "old" }));
  answers.push(verdictOf("valid", 12));
  const answer = worst(answers);
  const notices = answers.flatMap((each) => each.notices);
  return { ...answer, notices, statement: SHOWS_FIELDS.includes(answer.kind) ? statement : null };
}

/** Step 8, first half: every signature is by a certificate key over the exact bytes. @param {Manifest} keys @param {import("./record.js").Frame} item */
async function checkSignatures(keys, item) {
  for (const { signature, message } of item.signed) {
    if (!(await isSignedBy(keys, "certificate", signature, message))) throw new Unreachable(8, "damaged");
    // Needs a log proof older than the cut-off; until the log exists there is none.
    if (keyOf(keys, signature.keyId, "certificate")?.cutoff) throw new Unreachable(8, "key_cut_off");
  }
}

/** Step 8, second half, and step 9: key window, issuer and number. @param {import("./record.js").Frame} item @param {Manifest} keys @param {string} asked @param {Pin} pin */
async function certified(item, keys, asked, pin) {
  const statement = await orDamaged(8, async () => decodeStatement(item.payload));
  checkDay(keys, item, statement.issued_on);
  if (statement.issuer_id !== pin.issuer_id || statement.number !== asked) throw new Unreachable(9, "damaged");
  return statement;
}

/** @param {Manifest} keys @param {import("./record.js").Frame} item @param {string} day */
function checkDay(keys, item, day) {
  for (const { signature } of item.signed) {
    const key = keyOf(keys, signature.keyId, "certificate");
    if (!key || !dayInWindow(day, key)) throw new Unreachable(8, "key_window");
  }
}

/** @param {import("./record.js").Frame} item @param {Manifest} keys @param {string} asked @param {Pin} pin */
async function erased(item, keys, asked, pin) {
  const grave = await orDamaged(8, async () => decodeGrave(item.payload));
  checkDay(keys, item, grave.erased_on);
  if (grave.issuer_id !== pin.issuer_id || grave.number !== asked) throw new Unreachable(9, "damaged");
  return verdictOf("erased", 9, { changedOn: grave.erased_on });
}

/** Step 10. A reinstated certificate is as good as any; the notice says that it once was not. @param {import("./status.js").StatusException} item */
function changed(item) {
  if (item.kind === "reinstated") {
    return verdictOf("valid", 12, { changedOn: item.changed_on, notices: ["reinstated"] });
  }
  return verdictOf(item.kind, 10, {
    changedOn: item.changed_on,
    until: item.until,
    reasonCode: item.reason_code,
    successor: item.successor,
  });
}

/** Days are the organisation's, windows are UTC: a day of grace covers every time zone. @param {string} day @param {import("./keyring.js").Key} key */
function dayInWindow(day, { start, until }) {
  return laterDay(start.slice(0, 10), -1) <= day && (!until || day <= laterDay(until.slice(0, 10), 1));
}

/** @param {string} left @param {string} right */
function max(left, right) {
  return left < right ? right : left;
}
