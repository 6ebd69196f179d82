import { expand, material, unsealed } from "./cipher.js";
import { Malformed } from "./errors.js";
import { hex, joined, unhex, utf8 } from "./frame.js";
import { decodeJson } from "./strict_json.js";
import { oneOf, pattern, shape, whole } from "./value.js";

/**
 * The private link: a learner's own page, opened by a secret that no host ever sees (SPEC, Private link).
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {{ file: string, number: string, pdf_bytes: number }} LinkFacts
 */

const LINK_CAP = 8_388_608;
const LINK_FACTS_CAP = 4096;
const LINK_SMALLEST = 65_536;
const LINK_OVERHEAD = 1 + 12 + 16; // version, nonce, tag
const LINK_FACTS = shape({
  file: pattern(/^[A-Z0-9-]{1,40}\.pdf$/),
  number: pattern(/^[0-9]{4}[0-9A-HJKMNP-TV-Z]{20}$/),
  pdf_bytes: whole(1, LINK_CAP),
  v: oneOf(1),
});

/** What follows from a secret (32 hex digits): the file's path, its key and its id. @param {string} secret @param {string} issuerId */
export async function linkKeys(secret, issuerId) {
  const root = await material(unhex(secret));
  const salt = unhex(issuerId);
  const id = await expand(root, salt, linkInfo("link-id"), 16);
  const key = await expand(root, salt, linkInfo("link-key"), 32);
  return { id, key, path: `l/${hex(id).slice(0, 2)}/${hex(id)}.bin` };
}

/**
 * What the file says, and the PDF. Throws `Malformed`.
 *
 * @param {{ id: Bytes, key: Bytes }} keys
 * @param {Bytes} data
 * @returns {Promise<{ facts: LinkFacts, pdf: Bytes }>}
 */
export async function openLink({ id, key }, data) {
  const sealed = data.length - LINK_OVERHEAD;
  if (data[0] !== 2 || sealed > LINK_CAP || sealed !== padded(sealed))
    throw new Malformed("no private link of a version that is known");
  const bound = joined(linkInfo("link"), id);
  const plain = await unsealed(key, data.slice(1, 13), data.slice(13), bound);
  const size = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (size > LINK_FACTS_CAP) throw new Malformed("its facts are too long");
  const facts = /** @type {LinkFacts} */ (decodeJson(plain.slice(4, 4 + size), LINK_FACTS_CAP));
  LINK_FACTS(facts);
  const end = 4 + size + facts.pdf_bytes;
  const rest = plain.slice(end);
  if (end > plain.length || plain.length !== padded(end) || rest.some((byte) => byte !== 0)) {
    throw new Malformed("its PDF has another length than it says");
  }
  return { facts, pdf: plain.slice(4 + size, end) };
}

/** How long a plaintext of so many bytes is made, so that it does not say which course it was. @param {number} size */
function padded(size) {
  let length = LINK_SMALLEST;
  while (length < size) length *= 2;
  return length;
}

/** @param {string} use */
function linkInfo(use) {
  return utf8(`certportal/v1/${use}`);
}
