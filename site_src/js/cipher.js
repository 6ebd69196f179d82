import { Malformed } from "./errors.js";

/**
 * HKDF-SHA256 (RFC 5869), AES-256-GCM (SP 800-38D) and SHA-256, by WebCrypto.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 */

/** @param {Bytes} data @returns {Promise<Bytes>} */
export async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** The key material from which `expand` makes one secret for each use. @param {Bytes} secret */
export function material(secret) {
  return crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
}

/**
 * Extract and expand of HKDF-SHA256: `length` bytes for one use, named by `info`.
 *
 * @param {CryptoKey} key
 * @param {Bytes} salt
 * @param {Bytes} info
 * @param {number} length
 * @returns {Promise<Bytes>}
 */
export async function expand(key, salt, info, length) {
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * length),
  );
}

/**
 * The plaintext of AES-256-GCM. Throws `Malformed` when key, nonce, bound bytes or ciphertext do not agree.
 *
 * @param {Bytes} key
 * @param {Bytes} nonce
 * @param {Bytes} ciphertext
 * @param {Bytes} bound
 * @returns {Promise<Bytes>}
 */
export async function unsealed(key, nonce, ciphertext, bound) {
  const opener = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: bound }, opener, ciphertext),
    );
  } catch {
    throw new Malformed("the ciphertext does not open");
  }
}
