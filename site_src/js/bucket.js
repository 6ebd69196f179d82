import { sha256 } from "./cipher.js";
import { leading, PREFIX_BITS_MAX, TAG_BYTES } from "./derivation.js";
import { ENTRY_OVERHEAD, PAD, SEALED_CAP } from "./entry.js";
import { Malformed } from "./errors.js";
import { hex, Reader } from "./frame.js";

/**
 * A bucket: all sealed records of one year whose locators begin alike (SPEC, chapter Bucket).
 *
 * bucket = "CPB1", u16 year, u8 bits, prefix (3), u32 version, u16 count,
 *          count * (tag (16), nonce (12), u16 length, sealed), u16 length, log proof (none yet)
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {{ year: number, bits: number, prefix: number, version: number, entries: Entry[], content: Bytes }} Bucket
 *   `content` is everything before the proof, which the status shard names by its digest.
 */

export const BUCKET_DIGEST_BYTES = 16;
const BUCKET_CAP = 32_768 + 8_192;

/** A bucket from its bytes. Throws `Malformed`. @param {Bytes} data @returns {Bucket} */
export function decodeBucket(data) {
  if (data.length > BUCKET_CAP) throw new Malformed("the bucket is larger than any bucket may be");
  const reader = new Reader(data, "a bucket");
  reader.expect("CPB1");
  const [year, bits, prefix] = [reader.number(2), reader.number(1), reader.number(3)];
  const [version, count] = [reader.number(4), reader.number(2)];
  if (bits > PREFIX_BITS_MAX || leading(prefix, bits) !== prefix || !version) {
    throw new Malformed("the bucket's prefix or version is impossible");
  }
  const entries = Array.from({ length: count }, () => nextEntry(reader));
  checkOrder(entries);
  const content = reader.read;
  reader.take(reader.number(2));
  reader.end();
  return { year, bits, prefix, version, entries, content };
}

/** The digest by which the status shard names this bucket, in hex. @param {Bucket} bucket */
export async function bucketDigest({ content }) {
  return hex((await sha256(content)).slice(0, BUCKET_DIGEST_BYTES));
}

/** Throws `Malformed` unless these are in the order of their tags, each once. @param {{ tag: string }[]} items */
export function checkOrder(items) {
  const ordered = items.every(({ tag }, at) => (items[at - 1]?.tag ?? "") < tag);
  if (!ordered) throw new Malformed("tags are not in order");
}

/** @param {Reader} reader @returns {Entry} */
function nextEntry(reader) {
  const [tag, nonce, length] = [hex(reader.take(TAG_BYTES)), reader.take(12), reader.number(2)];
  if (length > SEALED_CAP || length < PAD + ENTRY_OVERHEAD || (length - ENTRY_OVERHEAD) % PAD) {
    throw new Malformed("an entry's length is not one that the format allows");
  }
  return { tag, nonce, sealed: reader.take(length) };
}
