import { BUCKET_DIGEST_BYTES, checkOrder } from "./bucket.js";
import { unsealed } from "./cipher.js";
import { leading, PREFIX_BITS_MAX, TAG_BYTES } from "./derivation.js";
import { KEY_ID_BYTES, SIGNATURE_BYTES } from "./ed25519.js";
import { Malformed } from "./errors.js";
import { hex, joined, Reader, unhex, unsigned, utf8 } from "./frame.js";
import { instantOf } from "./value.js";
import { CODE_LENGTH, readCode } from "./verification_code.js";

/**
 * The status shard: which buckets are current, and every exception (SPEC, chapter Status).
 *
 * shard     = body, key id (8), signature (64) by the online key over PAE(status type, body)
 * body      = "CPS1", u16 year, u8 bits, sp (3), u32 sequence, u64 issued_at, u64 next_update,
 *             u32 manifest version,
 *             u16 count, count * (u32 bucket version, digest (16)); all zero = no such bucket
 *             u32 count, count * (status tag (16), nonce (12), ciphertext (64))
 * exception = u8 kind, u8 reason code, u32 changed_on, u32 until, successor (24), zeros to 48
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./envelope.js").Signature} Signature
 * @typedef {import("./derivation.js").RecordKeys} RecordKeys
 * @typedef {{ tag: string, nonce: Bytes, sealed: Bytes }} SealedException
 * @typedef {{ version: number, digest: string }} Listed  A bucket as its shard names it (digest in hex).
 * @typedef {{
 *   year: number, bits: number, prefix: number, sequence: number, issued_at: string, next_update: string,
 *   manifest_version: number, buckets: Listed[], exceptions: SealedException[],
 * }} Shard
 * @typedef {{
 *   kind: "reinstated" | "revoked" | "suspended" | "superseded", changed_on: string, reason_code: number,
 *   until: string | null, successor: string | null,
 * }} StatusException
 */

const SHARD_CAP = 4_194_304;
const SHARD_BITS = 8;
const EXCEPTIONS_CAP = 40_000;
const EXCEPTION_BYTES = 48;
const SEALED_EXCEPTION_BYTES = EXCEPTION_BYTES + 16;
const INSTANT_CAP = 253_402_300_799; // the last second of the year 9999
const DAYS_CAP = 2_932_896; // its last day
const NONCE_BYTES = 12;
const EXCEPTION_KINDS = /** @type {const} */ (["reinstated", "revoked", "suspended", "superseded"]);

/** How many leading bits of the locator name the shard: it tells the host nothing more. @param {number} bits */
export function shardBits(bits) {
  return Math.max(0, bits - SHARD_BITS);
}

/** The shard above a bucket, left-aligned in 24 bits. @param {number} prefix @param {number} bits */
export function shardPrefix(prefix, bits) {
  return leading(prefix, shardBits(bits));
}

/** Body and signature of a file. Throws `Malformed`; checks nothing. @param {Bytes} data */
export function splitShard(data) {
  const end = data.length - KEY_ID_BYTES - SIGNATURE_BYTES;
  if (end <= 0 || data.length > SHARD_CAP) throw new Malformed("the status shard is cut short or too large");
  const signed = data.slice(end);
  /** @type {Signature} */
  const signature = { keyId: hex(signed.slice(0, KEY_ID_BYTES)), raw: signed.slice(KEY_ID_BYTES) };
  return { body: data.slice(0, end), signature };
}

/** A shard from its verified body. Throws `Malformed`. @param {Bytes} body @returns {Shard} */
export function decodeShard(body) {
  const reader = new Reader(body, "a status shard");
  reader.expect("CPS1");
  const [year, bits, prefix, sequence] = [
    reader.number(2),
    reader.number(1),
    reader.number(3),
    reader.number(4),
  ];
  const [issued_at, next_update] = [instantAt(reader.number(8)), instantAt(reader.number(8))];
  const [manifest_version, count] = [reader.number(4), reader.number(2)];
  if (bits > PREFIX_BITS_MAX || shardPrefix(prefix, bits) !== prefix)
    throw new Malformed("an impossible prefix");
  if (count !== 1 << (bits - shardBits(bits)))
    throw new Malformed("the shard does not name every bucket below it");
  const buckets = Array.from({ length: count }, () => ({
    version: reader.number(4),
    digest: hex(reader.take(BUCKET_DIGEST_BYTES)),
  }));
  if (buckets.some(({ version, digest }) => !version && /[^0]/.test(digest))) {
    throw new Malformed("the digest of a bucket that is not there");
  }
  const many = reader.number(4);
  if (many > EXCEPTIONS_CAP) throw new Malformed("more exceptions than allowed");
  const exceptions = Array.from({ length: many }, () => ({
    tag: hex(reader.take(TAG_BYTES)),
    nonce: reader.take(NONCE_BYTES),
    sealed: reader.take(SEALED_EXCEPTION_BYTES),
  }));
  reader.end();
  checkOrder(exceptions);
  return { year, bits, prefix, sequence, issued_at, next_update, manifest_version, buckets, exceptions };
}

/** What is current of the bucket with this prefix (left-aligned in 24 bits). @param {Shard} shard @param {number} prefix */
export function listedBucket(shard, prefix) {
  return shard.buckets[(prefix - shard.prefix) >> (24 - shard.bits)];
}

/** The exception. Throws `Malformed` for anything that sealing would not have made. @param {RecordKeys} keys @param {SealedException} item @returns {Promise<StatusException>} */
export async function unsealException(keys, item) {
  const bound = joined(utf8("certportal/status/v1\0"), unsigned(keys.year, 2), unhex(item.tag));
  const plain = await unsealed(await keys.statusKey(), item.nonce, item.sealed, bound);
  const reader = new Reader(plain, "an exception");
  const [code, reason_code] = [reader.number(1), reader.number(1)];
  const [changed_on, until] = [dayAt(reader.number(4)), dayAt(reader.number(4))];
  const successor = successorIn(reader.take(CODE_LENGTH));
  const kind = EXCEPTION_KINDS[code];
  if (!kind || !changed_on || plain.length !== EXCEPTION_BYTES || plain.slice(34).some((byte) => byte)) {
    throw new Malformed("the exception is of a kind that is not known here");
  }
  return { kind, changed_on, reason_code, until, successor };
}

/** @param {Bytes} raw */
function successorIn(raw) {
  if (!raw.some((byte) => byte)) return null;
  const text = String.fromCharCode(...raw);
  if (readCode(text).code !== text) throw new Malformed("the successor is not a verification code");
  return text;
}

/** @param {number} seconds */
function instantAt(seconds) {
  if (seconds > INSTANT_CAP) throw new Malformed("an instant after the year 9999");
  return instantOf(seconds);
}

/** @param {number} days */
function dayAt(days) {
  if (days > DAYS_CAP) throw new Malformed("a day after the year 9999");
  return days ? instantOf(days * 86400).slice(0, 10) : null;
}
