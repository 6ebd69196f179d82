import { BUCKET_CAP, bucketDigest, decodeBucket } from "./bucket.js";
import { checkedPublic, isSigned } from "./ed25519.js";
import { HEAD, STATUS, pae } from "./envelope.js";
import { Malformed } from "./errors.js";
import { sameBytes } from "./frame.js";
import { HEAD_CAP, decodeHead, splitHead } from "./head.js";
import { ONLINE_WINDOW, covers, keyOf } from "./keyring.js";
import { HEAD_PATH, MANIFEST_PATH, bucketPath, manifestPath, shardPath } from "./layout.js";
import { MANIFEST_CAP, verifiedManifest } from "./manifest.js";
import { SHARD_CAP, decodeShard, shardPrefix, splitShard } from "./status.js";
import { secondsOf } from "./value.js";

/**
 * Steps 3 to 5 of the verdict recipe: published files, read and authenticated (SPEC, chapter Verdict).
 *
 * A fault in a published byte is the site's, never the certificate's, so everything here ends in `Unreachable`.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./keyring.js").Manifest} Manifest
 * @typedef {import("./keyring.js").Pin} Pin
 * @typedef {import("./head.js").Head} Head
 * @typedef {{ read(path: string, cap: number, again: boolean): Promise<Bytes> }} Site
 *   At most `cap` bytes of a file; `again` bypasses every cache. Throws `Unreadable`.
 * @typedef {{ manifestVersion: number, sequence: number }} Seen  The newest that this browser has seen before.
 */

const ROOT_CHANGES_CAP = 64;

/** A published file could not be had; `reason` is `network` or `missing`. */
export class Unreadable extends Error {
  /** @param {"network" | "missing"} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The recipe cannot go on: the step, and a reason of the SPEC's closed list. */
export class Unreachable extends Error {
  /** @param {number} step @param {string} reason */
  constructor(step, reason) {
    super(reason);
    this.step = step;
    this.reason = reason;
  }
}

/** Step 3, first half: the manifest, by the pinned root or by roots that it led to. @param {Site} site @param {Pin} pin @param {boolean} again */
export async function readManifest(site, pin, again) {
  const data = await readFile(site, MANIFEST_PATH, MANIFEST_CAP, 3, again);
  const direct = await orNull(() => verifiedManifest(data, pin.root, pin.issuer_id));
  const current = direct ?? (await throughRootChanges(data, site, pin, again));
  if (current.version < pin.manifest_version) throw new Unreachable(3, "outdated");
  return current;
}

/** @param {Bytes} data @param {Site} site @param {Pin} pin @param {boolean} again @returns {Promise<Manifest>} */
async function throughRootChanges(data, site, pin, again) {
  let trusted = pin.root;
  for (let count = 1; count <= ROOT_CHANGES_CAP; count += 1) {
    const version = pin.manifest_version + count;
    const step = await orNull(() => site.read(manifestPath(version), MANIFEST_CAP, again));
    const known = step && (await orNull(() => verifiedManifest(step, trusted, pin.issuer_id)));
    if (!step || known?.version !== version) break;
    if (sameBytes(step, data)) return known;
    trusted = known.root;
  }
  throw new Unreachable(3, "damaged");
}

/** Step 3, second half: the head, signed by an online key in its window. @param {Site} site @param {Manifest} keys @param {Pin} pin @param {boolean} again @returns {Promise<Head>} */
export async function readHead(site, keys, pin, again) {
  const data = await readFile(site, HEAD_PATH, HEAD_CAP, 3, again);
  const { signature, head } = await orDamaged(3, async () => {
    const { payload, signature } = splitHead(data);
    if (!(await isSignedBy(keys, "online", signature, pae(HEAD, payload)))) throw new Malformed("not signed");
    return { signature, head: decodeHead(payload) };
  });
  checkWindowOf(keys, signature.keyId, head, 3);
  if (head.issuer_id !== pin.issuer_id) throw new Unreachable(3, "damaged");
  if (head.manifest_version !== keys.version) throw new Unreachable(3, "outdated");
  return head;
}

/** Step 4: the status shard, signed, of this place, and not older than the head. @param {Site} site @param {Manifest} keys @param {Head} head @param {number} year @param {number} bits @param {number} prefix @param {boolean} again */
export async function readShard(site, keys, head, year, bits, prefix, again) {
  const data = await readFile(site, shardPath(year, bits, prefix), SHARD_CAP, 4, again);
  const { signature, shard } = await orDamaged(4, async () => {
    const { body, signature } = splitShard(data);
    if (!(await isSignedBy(keys, "online", signature, pae(STATUS, body)))) throw new Malformed("not signed");
    return { signature, shard: decodeShard(body) };
  });
  checkWindowOf(keys, signature.keyId, shard, 4);
  if (shard.year !== year || shard.bits !== bits || shard.prefix !== shardPrefix(prefix, bits)) {
    throw new Unreachable(4, "damaged");
  }
  if (shard.sequence < head.sequence || shard.manifest_version !== keys.version) {
    throw new Unreachable(4, "outdated");
  }
  return shard;
}

/** Step 5: the bucket, of this place, and the very one that the shard names. @param {Site} site @param {number} year @param {number} bits @param {number} prefix @param {import("./status.js").Listed} named @param {boolean} again */
export async function readBucket(site, year, bits, prefix, named, again) {
  const data = await readFile(site, bucketPath(year, bits, prefix), BUCKET_CAP, 5, again);
  const held = await orDamaged(5, async () => decodeBucket(data));
  if (held.year !== year || held.bits !== bits || held.prefix !== prefix) throw new Unreachable(5, "damaged");
  if (held.version !== named.version) throw new Unreachable(5, "outdated");
  if (!sameBytes(await bucketDigest(held), named.digest)) throw new Unreachable(5, "damaged");
  return held;
}

/**
 * Whether a key of this role, found by its id, signed `message`.
 *
 * @param {Manifest} keys
 * @param {import("./keyring.js").Role} role
 * @param {import("./envelope.js").Signature} signature
 * @param {Bytes} message
 */
export async function isSignedBy(keys, role, signature, message) {
  const key = keyOf(keys, signature.keyId, role);
  return key !== undefined && isSigned(checkedPublic(key.public), message, signature.raw);
}

/** What `work` gives; its `Malformed` becomes this step's `damaged`. @template T @param {number} step @param {() => Promise<T>} work @returns {Promise<T>} */
export async function orDamaged(step, work) {
  try {
    return await work();
  } catch (fault) {
    throw fault instanceof Malformed ? new Unreachable(step, "damaged") : fault;
  }
}

/** @param {Manifest} keys @param {string} keyId @param {{ issued_at: string, next_update: string }} dates @param {number} step */
function checkWindowOf(keys, keyId, { issued_at, next_update }, step) {
  const key = keyOf(keys, keyId, "online");
  const period = secondsOf(next_update) - secondsOf(issued_at);
  if (!key || !covers(key, issued_at) || period <= 0 || period > ONLINE_WINDOW) {
    throw new Unreachable(step, "key_window");
  }
  // Needs a log proof older than the cut-off; until the log exists there is none.
  if (key.cutoff) throw new Unreachable(step, "key_cut_off");
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T | null>} */
async function orNull(work) {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof Malformed || fault instanceof Unreadable) return null;
    throw fault;
  }
}

/** @param {Site} site @param {string} path @param {number} cap @param {number} step @param {boolean} again */
async function readFile(site, path, cap, step, again) {
  try {
    return await site.read(path, cap, again);
  } catch (fault) {
    if (fault instanceof Unreadable) throw new Unreachable(step, fault.reason);
    throw fault instanceof Malformed ? new Unreachable(step, "damaged") : fault;
  }
}
