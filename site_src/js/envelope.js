import { sha256 } from "./cipher.js";
import { isSigned, KEY_ID_BYTES, SIGNATURE_BYTES } from "./ed25519.js";
import { Malformed } from "./errors.js";
import { hex, joined, utf8 } from "./frame.js";
import { decodeJson } from "./strict_json.js";
import { listOf, oneOf, pattern, shape } from "./value.js";

/**
 * DSSE envelopes and the closed table of what each payload type is and who may sign it (SPEC, Envelope).
 *
 * The type fixes the role of the key; both are checked, then the signature, and only then is the
 * payload parsed. Thresholds count distinct keys.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {{ keyId: string, raw: Bytes }} Signature
 * @typedef {{ type: string, payload: Bytes, signatures: Signature[] }} Envelope
 */

const TYPE_PREFIX = "application/vnd.certportal.";
export const MANIFEST = `${TYPE_PREFIX}manifest.v1+json`;
export const STATEMENT = `${TYPE_PREFIX}statement.v1+json`;
export const RECORD = `${TYPE_PREFIX}record.v1`;
export const TOMBSTONE = `${TYPE_PREFIX}tombstone.v1+json`;
export const STATUS = `${TYPE_PREFIX}status.v1`;
export const HEAD = `${TYPE_PREFIX}head.v1+json`;

const BASE64 = pattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
// Any text may be a key id here: an unknown one is not counted.
const SIGNATURE_SHAPE = shape({ keyid: pattern(/^/), sig: BASE64 });

/** DSSE's pre-authentication encoding: the bytes that are signed. @param {string} type @param {Bytes} payload */
export function pae(type, payload) {
  return joined(utf8(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload);
}

/**
 * An envelope of this type from its bytes. Throws `Malformed`; checks no signature.
 *
 * @param {Bytes} data
 * @param {string} type
 * @param {number} cap
 * @returns {Envelope}
 */
export function decodeEnvelope(data, type, cap) {
  const outer = decodeJson(data, cap);
  shape({ payload: BASE64, payloadType: oneOf(type), signatures: listOf(SIGNATURE_SHAPE, 1, 16) })(outer);
  const { payload, signatures } =
    /** @type {{ payload: string, signatures: { keyid: string, sig: string }[] }} */ (outer);
  return {
    type,
    payload: unbase64(payload),
    signatures: signatures.map(({ keyid, sig }) => signatureOf(keyid, unbase64(sig))),
  };
}

/**
 * The payload, signed by at least `threshold` distinct of these raw public keys. Throws `Malformed` otherwise.
 * The caller has chosen `keys` by the role of the payload type.
 *
 * @param {Envelope} envelope
 * @param {Bytes[]} keys
 * @param {number} [threshold]
 */
export async function verifiedPayload(envelope, keys, threshold = 1) {
  const message = pae(envelope.type, envelope.payload);
  const good = new Set();
  for (const key of keys) {
    const id = await keyIdOf(key);
    for (const { keyId, raw } of envelope.signatures) {
      if (keyId === id && (await isSigned(key, message, raw))) good.add(id);
    }
  }
  if (good.size < threshold) throw new Malformed("not enough good signatures");
  return envelope.payload;
}

/** First 8 bytes of SHA-256 over the raw public key, in hex. A hint, not an identity. @param {Bytes} key */
export async function keyIdOf(key) {
  return hex((await sha256(key)).slice(0, KEY_ID_BYTES));
}

/** @param {string} keyId @param {Bytes} raw @returns {Signature} */
function signatureOf(keyId, raw) {
  if (raw.length !== SIGNATURE_BYTES) throw new Malformed("an Ed25519 signature is 64 bytes");
  return { keyId, raw };
}

/** @param {string} text */
function unbase64(text) {
  const binary = atob(text);
  if (btoa(binary) !== text) throw new Malformed("not the one base64 spelling");
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
