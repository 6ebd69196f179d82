import { VERIFICATION_CODE } from "./certificate.js";
import { sha256 } from "./cipher.js";
import { KEY_ID_BYTES, SIGNATURE_BYTES } from "./ed25519.js";
import { pae, RECORD, STATEMENT, TOMBSTONE } from "./envelope.js";
import { Malformed } from "./errors.js";
import { hex, joined, Reader, unsigned } from "./frame.js";
import { decodeJson } from "./strict_json.js";
import { DAY, DIGEST, oneOf, shape } from "./value.js";

/**
 * The record: a statement, its signature and the digests of its files, in one frame (SPEC, Record).
 *
 * frame     = 0x01, u16 length, statement, key id (8), signature (64),
 *             flags (1), PDF SHA-256 (32), [badge SHA-256 (32)], key id (8), signature (64)
 * tombstone = 0x02, u16 length, tombstone JSON, key id (8), signature (64)
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./envelope.js").Signature} Signature
 * @typedef {{ signature: Signature, message: Bytes }} Signed
 * @typedef {{ erased: boolean, payload: Bytes, pdf: Bytes | null, signed: Signed[] }} Frame
 * @typedef {{ issuer_id: string, number: string, erased_on: string }} ErasedRecord
 */

export const FRAME_CAP = 20_000;
const SHA256_BYTES = 32;
const HAS_BADGE = 1;

/**
 * A frame taken apart, each signature with the exact bytes it must be over. Throws `Malformed`; checks no
 * signature and parses no JSON.
 *
 * @param {Bytes} data
 * @returns {Promise<Frame>}
 */
export async function decodeFrame(data) {
  const reader = new Reader(data, "the record");
  const kind = reader.number(1);
  if (kind !== 1 && kind !== 2) throw new Malformed("the record is of a kind that is not known here");
  const payload = reader.take(reader.number(2));
  const signature = nextSignature(reader);
  if (kind === 2) {
    reader.end();
    return { erased: true, payload, pdf: null, signed: [{ signature, message: pae(TOMBSTONE, payload) }] };
  }
  const flags = reader.number(1);
  if (flags & ~HAS_BADGE) throw new Malformed("the record has flags that are not known here");
  const digests = reader.take(flags & HAS_BADGE ? 2 * SHA256_BYTES : SHA256_BYTES);
  const second = nextSignature(reader);
  reader.end();
  const bound = joined(await sha256(payload), unsigned(flags, 1), digests);
  return {
    erased: false,
    payload,
    pdf: digests.slice(0, SHA256_BYTES),
    signed: [
      { signature, message: pae(STATEMENT, payload) },
      { signature: second, message: pae(RECORD, bound) },
    ],
  };
}

/** A tombstone's payload, once its signature is verified. Throws `Malformed`. @param {Bytes} payload @returns {ErasedRecord} */
export function decodeErased(payload) {
  const fields = decodeJson(payload, 1024);
  shape({ v: oneOf(1), issuer_id: DIGEST, number: VERIFICATION_CODE, erased_on: DAY })(fields);
  return /** @type {ErasedRecord} */ (fields);
}

/** @param {Reader} reader @returns {Signature} */
function nextSignature(reader) {
  return { keyId: hex(reader.take(KEY_ID_BYTES)), raw: reader.take(SIGNATURE_BYTES) };
}
