import { bucketDigest, decodeBucket } from "./bucket.js";
import { checkedPublic, isSigned } from "./ed25519.js";
import { HEAD, pae, STATUS } from "./envelope.js";
import { Malformed, Unreachable } from "./errors.js";
import { hex } from "./frame.js";
import { decodeHead, splitHead } from "./head.js";
import { ONLINE_WINDOW } from "./keyring.js";
import { verifiedManifest } from "./manifest.js";
import { bucketPath, HEAD_PATH, MANIFEST_PATH, manifestPath, shardPath } from "./paths.js";
import { decodeShard, shardPrefix, splitShard } from "./status.js";
import { secondsOf } from "./value.js";

/**
 * Steps 3 to 5 of the verdict recipe: published files, read and authenticated (SPEC, chapter Verdict).
 *
 * A fault in a published byte is the site's, never the certificate's, so everything here ends in `Unreachable`.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./keyring.js").Manifest} Manifest
 * @typedef {import("./keyring.js").Key} Key
 * @typedef {import("./keyring.js").Pin} Pin
 * @typedef {import("./head.js").Head} Head
 * @typedef {{ read(path: string, again: boolean): Promise<Bytes> }} Site
 *   A whole file; `again` bypasses every cache. Throws `Unreachable`. The codecs refuse what is too large.
 * @typedef {{ site: Site, pin: Pin, again: boolean, step: number }} Lookup
 *   One run of the recipe; `step` says how far it has come.
 * @typedef {{ year: number, bits: number, prefix: number }} Place  A bucket: its prefix left-aligned in 24 bits.
 */

const ROOT_CHANGES_CAP = 64;

/** Step 3, first half: the manifest, by the pinned root or by roots that it led to. @param {Lookup} lookup */
export async function readManifest(lookup) {
  const { site, pin, again } = lookup;
  lookup.step = 3;
  const data = await site.read(MANIFEST_PATH, again);
  const current = await verifiedManifest(data, pin.root, pin.issuer_id).catch((fault) => {
    if (fault instanceof Malformed) return throughRootChanges(data, lookup);
    throw fault;
  });
  if (current.version < pin.manifest_version) throw new Unreachable("outdated");
  return current;
}

/** @param {Bytes} data @param {Lookup} lookup @returns {Promise<Manifest>} */
async function throughRootChanges(data, { site, pin, again }) {
  let trusted = pin.root;
  try {
    for (let count = 1; count <= ROOT_CHANGES_CAP; count += 1) {
      const version = pin.manifest_version + count;
      const step = await site.read(manifestPath(version), again);
      const known = await verifiedManifest(step, trusted, pin.issuer_id);
      if (known.version !== version) break;
      if (hex(step) === hex(data)) return known;
      trusted = known.root;
    }
  } catch {
    // The chain has a gap: that is a damaged site, however it came about.
  }
  throw new Malformed("no chain of roots leads to the manifest");
}

/** Step 3, second half: the head, signed by an online key in its window. @param {Lookup} lookup @param {Manifest} keys */
export async function readHead({ site, pin, again }, keys) {
  const { payload, signature } = splitHead(await site.read(HEAD_PATH, again));
  const key = await signer(keys, "online", signature, pae(HEAD, payload));
  const head = decodeHead(payload);
  checkWindowOf(key, head);
  if (head.issuer_id !== pin.issuer_id) throw new Malformed("the head is of another issuer");
  if (head.manifest_version !== keys.version) throw new Unreachable("outdated");
  return head;
}

/** Step 4: the status shard, signed, of this place, and not older than the head. @param {Lookup} lookup @param {Manifest} keys @param {Head} head @param {Place} place */
export async function readShard(lookup, keys, head, { year, bits, prefix }) {
  lookup.step = 4;
  const { body, signature } = splitShard(await lookup.site.read(shardPath(year, bits, prefix), lookup.again));
  const key = await signer(keys, "online", signature, pae(STATUS, body));
  const shard = decodeShard(body);
  checkWindowOf(key, shard);
  checkPlace(shard, year, bits, shardPrefix(prefix, bits));
  if (shard.sequence < head.sequence || shard.manifest_version !== keys.version)
    throw new Unreachable("outdated");
  return shard;
}

/** Step 5: the bucket, of this place, and the very one that the shard names. @param {Lookup} lookup @param {Place} place @param {import("./status.js").Listed} named */
export async function readBucket(lookup, { year, bits, prefix }, named) {
  lookup.step = 5;
  const held = decodeBucket(await lookup.site.read(bucketPath(year, bits, prefix), lookup.again));
  checkPlace(held, year, bits, prefix);
  if (held.version !== named.version) throw new Unreachable("outdated");
  if ((await bucketDigest(held)) !== named.digest) throw new Malformed("not the bucket that the shard names");
  return held;
}

/**
 * The key of this role that signed `message`; throws `Malformed` unless the one that is named did.
 *
 * @param {Manifest} keys
 * @param {import("./keyring.js").Role} role
 * @param {import("./envelope.js").Signature} signature
 * @param {Bytes} message
 */
export async function signer(keys, role, { keyId, raw }, message) {
  const key = keys.keys.find((each) => each.id === keyId && each.role === role);
  if (key && (await isSigned(checkedPublic(key.public), message, raw))) return key;
  throw new Malformed("not signed");
}

/** @param {Place} found @param {number} year @param {number} bits @param {number} prefix */
function checkPlace(found, year, bits, prefix) {
  if (found.year !== year || found.bits !== bits || found.prefix !== prefix)
    throw new Malformed("of another place");
}

/** @param {Key} key @param {{ issued_at: string, next_update: string }} dates */
function checkWindowOf({ start, until, cutoff }, { issued_at, next_update }) {
  const period = secondsOf(next_update) - secondsOf(issued_at);
  const outside = issued_at < start || (until && issued_at >= until);
  if (outside || period <= 0 || period > ONLINE_WINDOW) throw new Unreachable("key_window");
  checkCutoff(cutoff);
}

/** Needs a log proof older than the cut-off; until the log exists there is none. @param {Key["cutoff"]} cutoff */
export function checkCutoff(cutoff) {
  if (cutoff) throw new Unreachable("key_cut_off");
}
