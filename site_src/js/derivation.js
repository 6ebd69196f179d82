import { expand, material } from "./cipher.js";
import { hex, unhex, utf8 } from "./frame.js";

/**
 * Everything that one verification code opens, by HKDF-SHA256 (SPEC, chapter Derivation).
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 */

export const TAG_BYTES = 16;
export const PREFIX_BITS_MAX = 24;

/** The year and secrets of one verification code; each secret is made when asked for. */
export class RecordKeys {
  #key;
  #salt;

  /** @param {number} year @param {CryptoKey} key @param {Bytes} salt @param {Bytes} locator */
  constructor(year, key, salt, locator) {
    this.year = year;
    this.#key = key;
    this.#salt = salt;
    this.locator = locator;
  }

  /** The entry's name in its bucket: the last 16 bytes of the locator, in hex. */
  get tag() {
    return hex(this.locator.slice(-TAG_BYTES));
  }

  /** The bucket: the locator's leading `bits`, left-aligned in 24 bits. @param {number} bits */
  prefix(bits) {
    return leading(parseInt(hex(this.locator).slice(0, 6), 16), bits);
  }

  /** AES-256 key of the record. */
  recordKey() {
    return this.#secret("record-key", 32);
  }

  /** The exception's name in its status shard (16 bytes, in hex). */
  async statusTag() {
    return hex(await this.#secret("status-tag", TAG_BYTES));
  }

  /** AES-256 key of the exception. */
  statusKey() {
    return this.#secret("status-key", 32);
  }

  /** @param {string} use @param {number} length */
  #secret(use, length) {
    return expand(this.#key, this.#salt, info(use), length);
  }
}

/**
 * Derive from the 24 canonical characters and the issuer id (64 hex digits).
 *
 * @param {string} code
 * @param {string} issuerId
 */
export async function derive(code, issuerId) {
  const key = await material(utf8(code));
  const salt = unhex(issuerId);
  return new RecordKeys(Number(code.slice(0, 4)), key, salt, await expand(key, salt, info("locator"), 32));
}

/** The leading `bits` of a value of 24 bits, left in place. @param {number} value @param {number} bits */
export function leading(value, bits) {
  return (value >> (24 - bits)) << (24 - bits);
}

/** @param {string} use */
function info(use) {
  return utf8(`certportal/v1/${use}`);
}
