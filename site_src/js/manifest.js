import { sha256 } from "./cipher.js";
import { checkedPublic } from "./ed25519.js";
import { decodeEnvelope, keyIdOf, MANIFEST, verifiedPayload } from "./envelope.js";
import { Malformed } from "./errors.js";
import { hex } from "./frame.js";
import { manifestOf, pinOf } from "./keyring.js";
import { decodeJson } from "./strict_json.js";

/**
 * The key manifest and the pin that a verifier holds beforehand (SPEC, chapter Keys).
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {import("./keyring.js").RootKeys} RootKeys
 */

const MANIFEST_CAP = 262_144;
const PIN_CAP = 8_192;

/**
 * The manifest in a file that these root keys signed, of this issuer. Throws `Malformed`.
 *
 * Checks, in this order: the trusted root's threshold; the fields; that the root named inside has
 * signed too; the issuer id; every public key.
 *
 * @param {Bytes} data
 * @param {RootKeys} trusted
 * @param {string} issuerId
 */
export async function verifiedManifest(data, trusted, issuerId) {
  const outer = decodeEnvelope(data, MANIFEST, MANIFEST_CAP);
  const payload = await verifiedPayload(outer, trusted.keys.map(checkedPublic), trusted.threshold);
  const manifest = await decodeManifest(payload);
  await verifiedPayload(outer, manifest.root.keys.map(checkedPublic), manifest.root.threshold);
  if ((manifest.issuer_id ?? hex(await sha256(payload))) !== issuerId) {
    throw new Malformed("the manifest is of another issuer");
  }
  return manifest;
}

/** A manifest from its payload. Throws `Malformed`, also for a key that cannot be one. @param {Bytes} payload */
export async function decodeManifest(payload) {
  const manifest = manifestOf(decodeJson(payload, MANIFEST_CAP));
  for (const key of manifest.keys) {
    if ((await keyIdOf(checkedPublic(key.public))) !== key.id) {
      throw new Malformed("a key's id does not follow from the key");
    }
  }
  return manifest;
}

/** A pin from its file. Throws `Malformed`. @param {Bytes} data */
export function decodePin(data) {
  const pin = pinOf(decodeJson(data.at(-1) === 10 ? data.slice(0, -1) : data, PIN_CAP));
  pin.root.keys.forEach(checkedPublic);
  return pin;
}
