import { derive } from "./derivation.js";
import { unsealEntry } from "./entry.js";
import { Malformed, Unreachable } from "./errors.js";
import { checkCutoff, readBucket, readHead, readManifest, readShard, signer } from "./published_files.js";
import { decodeErased, decodeFrame } from "./record.js";
import { decodeStatement } from "./statement.js";
import { listedBucket, unsealException } from "./status.js";
import { laterDay } from "./value.js";
import { HIDES_FIELDS, verdictOf } from "./verdict.js";
import { readCode } from "./verification_code.js";

/**
 * The verdict recipe: twelve numbered steps from a verification code to an answer (SPEC, chapter Verdict).
 *
 * The same numbers are in the SPEC, in verifying.py and in the vectors. A fault in any published byte
 * is `unreachable` (could not check), never a verdict on the certificate; bad news shows even from a
 * stale status, good news never does.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./keyring.js").Manifest} Manifest
 * @typedef {import("./published_files.js").Lookup} Lookup
 * @typedef {import("./derivation.js").RecordKeys} RecordKeys
 * @typedef {import("./record.js").Frame} Frame
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {{ manifestVersion: number, sequence: number }} Seen  The newest that this browser has seen before.
 * @typedef {{
 *   manifest: Manifest, sequence: number, fresh: boolean, now: string, listed: { issued_at: string, next_update: string },
 *   shard?: import("./status.js").Shard, frame?: Bytes,
 * }} Found  What steps 3 to 7 lead to; without a frame there is no such record, as
 *   `listed`, the shard or the head of a year without one, says.
 */

/**
 * The verdict on a verification code as typed. `now` is the device's clock (an instant); `pin` and `seen` are held
 * beforehand and never come from `site`. Step 12, a file that was presented, is not among the ways in yet.
 *
 * @param {string} text
 * @param {import("./published_files.js").Site} site
 * @param {import("./keyring.js").Pin} pin
 * @param {string} now
 * @param {Seen} [seen]
 * @returns {Promise<Verdict>}
 */
export async function verify(text, site, pin, now, seen = { manifestVersion: 0, sequence: 0 }) {
  const { code, reason, suggestion } = readCode(text);
  if (!code) return verdictOf("malformed", 1, { reason, suggestion });
  const answer = await attempt({ site, pin, again: false, step: 2 }, code, now, seen);
  if (answer.kind !== "unreachable") return answer;
  // One reload: between two requests the site may have been published anew.
  return attempt({ site, pin, again: true, step: 2 }, code, now, seen);
}

/** @param {Lookup} lookup @param {string} code @param {string} clock @param {Seen} seen @returns {Promise<Verdict>} */
async function attempt(lookup, code, clock, seen) {
  try {
    insistOnBrowser();
    const recordKeys = await derive(code, lookup.pin.issuer_id);
    const found = await find(lookup, recordKeys, clock, seen);
    const answer = found.frame
      ? await judge(lookup, code, recordKeys, found, found.frame)
      : absent(lookup, found);
    const { listed, manifest, sequence } = found;
    return { ...answer, checkedAt: listed.issued_at, nextUpdate: listed.next_update, manifest, sequence };
  } catch (fault) {
    if (!(fault instanceof Unreachable)) throw fault;
    return verdictOf("unreachable", lookup.step, { reason: fault.reason });
  }
}

/** Over an insecure connection a browser has no `crypto.subtle`; before 2023 some had no raw inflate. */
function insistOnBrowser() {
  const { crypto, DecompressionStream } = /** @type {Partial<typeof globalThis>} */ (globalThis);
  if (!crypto?.subtle || !DecompressionStream) throw new Unreachable("browser");
}

/** Steps 3 to 7. @param {Lookup} lookup @param {RecordKeys} recordKeys @param {string} clock @param {Seen} seen @returns {Promise<Found>} */
async function find(lookup, recordKeys, clock, seen) {
  const manifest = await readManifest(lookup);
  const head = await readHead(lookup, manifest);
  const { sequence } = head;
  if (manifest.version < seen.manifestVersion || sequence < seen.sequence) throw new Unreachable("outdated");
  const named = head.years.find(({ year }) => year === recordKeys.year);
  lookup.step = 4;
  if (!named) return { manifest, sequence, listed: head, ...freshness(head, manifest, clock) };
  const place = { ...named, prefix: recordKeys.prefix(named.bits) };
  const shard = await readShard(lookup, manifest, head, place);
  const found = { manifest, sequence, shard, listed: shard, ...freshness(shard, manifest, clock) };
  lookup.step = 5;
  const bucket = listedBucket(shard, place.prefix);
  if (!bucket?.version) return found;
  const { entries } = await readBucket(lookup, place, bucket);
  lookup.step = 6;
  const entry = entries.find(({ tag }) => tag === recordKeys.tag);
  if (!entry) return found;
  lookup.step = 7;
  return { ...found, frame: await unsealEntry(recordKeys, entry) };
}

/** The clock, which cannot be before what is read, and whether that is still good. @param {{ issued_at: string, next_update: string }} dates @param {Manifest} manifest @param {string} clock */
function freshness({ issued_at, next_update }, { expires_at }, clock) {
  const now = clock < issued_at ? issued_at : clock;
  return { now, fresh: now <= next_update && now <= expires_at };
}

/** @param {Lookup} lookup @param {Found} found */
function absent({ step }, { fresh }) {
  return fresh ? verdictOf("not_found", step) : verdictOf("stale", step, { reason: "absent" });
}

/** Steps 8 to 12, over an opened frame. @param {Lookup} lookup @param {string} asked @param {RecordKeys} recordKeys @param {Found} found @param {Bytes} data @returns {Promise<Verdict>} */
async function judge(lookup, asked, recordKeys, { manifest, shard, fresh, now }, data) {
  lookup.step = 8;
  const frame = await decodeFrame(data);
  const keys = await signersOf(manifest, frame);
  if (frame.erased) {
    const erased = decodeErased(frame.payload);
    checkBound(lookup, keys, erased, erased.erased_on, asked);
    return verdictOf("erased", 9, { changedOn: erased.erased_on });
  }
  const statement = decodeStatement(frame.payload);
  checkBound(lookup, keys, statement, statement.issued_on, asked);
  lookup.step = 10;
  /** All that apply, the worst first. @type {Verdict[]} */
  const answers = [];
  const tag = await recordKeys.statusTag();
  const exception = shard?.exceptions.find((sealed) => sealed.tag === tag);
  if (exception) answers.push(changed(await unsealException(recordKeys, exception)));
  const { expires_on } = statement;
  if (expires_on && now.slice(0, 10) > expires_on)
    answers.push(verdictOf("expired", 11, { changedOn: expires_on }));
  if (!fresh) answers.push(verdictOf("stale", 4, { reason: "old" }));
  const answer = answers.find(({ kind }) => kind !== "valid") ?? answers[0] ?? verdictOf("valid", 12);
  const notices = answers.flatMap((each) => each.notices);
  return { ...answer, notices, ...(!HIDES_FIELDS.includes(answer.kind) && { statement }) };
}

/** Step 8: every signature is by a certificate key over the exact bytes. @param {Manifest} manifest @param {Frame} frame */
async function signersOf(manifest, { signed }) {
  const keys = [];
  for (const { signature, message } of signed) {
    const key = await signer(manifest, "certificate", signature, message);
    checkCutoff(key.cutoff);
    keys.push(key);
  }
  return keys;
}

/**
 * Steps 8 and 9: the day lies in the window of each key that signed; issuer and verification code are those asked for.
 *
 * Days are the organisation's, windows are UTC: a day of grace covers every time zone.
 *
 * @param {Lookup} lookup
 * @param {import("./keyring.js").Key[]} keys
 * @param {{ issuer_id: string, number: string }} bound
 * @param {string} day
 * @param {string} asked
 */
function checkBound(lookup, keys, { issuer_id, number }, day, asked) {
  for (const { start, until } of keys) {
    const ended = until && day > laterDay(until.slice(0, 10), 1);
    if (ended || day < laterDay(start.slice(0, 10), -1)) throw new Unreachable("key_window");
  }
  lookup.step = 9;
  if (issuer_id !== lookup.pin.issuer_id || number !== asked) throw new Malformed("of another");
}

/** Step 10. A reinstated certificate is as good as any; the notice says that it once was not. @param {import("./status.js").StatusException} item */
function changed({ kind, changed_on, until, reason_code, successor }) {
  const known = { changedOn: changed_on, until, reasonCode: reason_code, successor };
  return kind === "reinstated"
    ? verdictOf("valid", 12, { changedOn: changed_on, notices: ["reinstated"] })
    : verdictOf(kind, 10, known);
}
