import { PREFIX_BITS_MAX } from "./derivation.js";
import { decodeEnvelope, HEAD } from "./envelope.js";
import { Malformed } from "./errors.js";
import { decodeJson } from "./strict_json.js";
import { DIGEST, INSTANT, listOf, oneOf, pattern, shape, whole } from "./value.js";

/**
 * The head: the one signed file from which every other published path follows (SPEC, chapter Head).
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {{ year: number, bits: number, closed: boolean }} Year
 * @typedef {{
 *   issuer_id: string, sequence: number, issued_at: string, next_update: string, manifest_version: number,
 *   years: Year[], shards_sha256: string, pages_sha256: string, events: { chain: string }, log?: string,
 * }} Head
 */

const HEAD_CAP = 65_536;
const HEAD_PAYLOAD_CAP = 40_000;

const HEAD_SHAPE = shape(
  {
    v: oneOf(1),
    issuer_id: DIGEST,
    sequence: whole(1, 2 ** 32 - 1),
    issued_at: INSTANT,
    next_update: INSTANT,
    manifest_version: whole(1, 1_000_000),
    years: listOf(
      shape({ year: whole(1000, 9999), bits: whole(0, PREFIX_BITS_MAX), closed: oneOf(true, false) }),
      0,
      400,
    ),
    shards_sha256: DIGEST,
    pages_sha256: DIGEST,
    events: shape({ chain: DIGEST }),
  },
  { log: pattern(/^.{1,4096}$/su) },
);

/**
 * Payload and its one signature, nothing verified. Throws `Malformed`.
 *
 * With two, a key out of its window could hide behind the name of one that is in it.
 *
 * @param {Bytes} data
 */
export function splitHead(data) {
  const { payload, signatures } = decodeEnvelope(data, HEAD, HEAD_CAP);
  const [signature] = signatures;
  if (!signature || signatures.length !== 1) throw new Malformed("a head has one signature");
  return { payload, signature };
}

/** A head from its verified payload. Throws `Malformed`. @param {Bytes} payload @returns {Head} */
export function decodeHead(payload) {
  const fields = decodeJson(payload, HEAD_PAYLOAD_CAP);
  HEAD_SHAPE(fields);
  const head = /** @type {Head} */ (fields);
  const ordered = head.years.every(({ year }, at) => (head.years[at - 1]?.year ?? 0) < year);
  if (!ordered || head.next_update <= head.issued_at)
    throw new Malformed("years or instants are not in order");
  return head;
}
