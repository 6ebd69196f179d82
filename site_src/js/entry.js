import { unsealed } from "./cipher.js";
import { Malformed } from "./errors.js";
import { joined, unhex, unsigned, utf8 } from "./frame.js";
import { FRAME_CAP } from "./record.js";

/**
 * A sealed record: padded, encrypted under its own number, named by its tag (SPEC, chapter Entry).
 *
 * plaintext = u16 length, raw deflate of the frame, zeros to a multiple of 128
 * sealed    = AES-256-GCM(record key, nonce, plaintext, bound "certportal/entry/v1", 0x00, u16 year, tag)
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./derivation.js").RecordKeys} RecordKeys
 * @typedef {{ tag: string, nonce: Bytes, sealed: Bytes }} Entry  Its tag in hex.
 */

export const PAD = 128;
export const ENTRY_OVERHEAD = 16;
export const SEALED_CAP = 20_480;

/** The frame in an entry. Throws `Malformed` for anything that sealing would not have made. @param {RecordKeys} keys @param {Entry} entry */
export async function unsealEntry(keys, entry) {
  const bound = joined(utf8("certportal/entry/v1\0"), unsigned(keys.year, 2), unhex(keys.tag));
  const plain = await unsealed(await keys.recordKey(), entry.nonce, entry.sealed, bound);
  const end = 2 + (plain[0] ?? 0) * 256 + (plain[1] ?? 0);
  if (end > plain.length || plain.length % PAD || plain.slice(end).some((byte) => byte)) {
    throw new Malformed("the record's padding is not as the format says");
  }
  return inflated(plain.slice(2, end), FRAME_CAP);
}

/** Raw deflate undone, nothing left over; what an entry may hold cannot fill a memory. @param {Bytes} packed @param {number} cap */
async function inflated(packed, cap) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const frame = await new Response(stream).arrayBuffer().catch(() => null);
  if (!frame || frame.byteLength > cap) throw new Malformed("the record does not inflate, or to too much");
  return new Uint8Array(frame);
}
