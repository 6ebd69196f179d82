import { Malformed, Unreachable } from "./errors.js";
import { hex, unhex } from "./frame.js";

/**
 * Ed25519 (RFC 8032): by WebCrypto; by the vendored library only where the browser has none.
 *
 * Verifiers disagree on malformed keys, so a public key is checked when it is loaded; over good keys they
 * agree. (The root's holder has checked more when it signed them: generator/crypto/ed25519.py.)
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {(key: Bytes, message: Bytes, signature: Bytes) => Promise<boolean>} Verifier
 */

export const SIGNATURE_BYTES = 64;
export const KEY_ID_BYTES = 8;
// Beside the page, which is where an inline script looks.
const VENDORED = "./noble-ed25519.js";

// RFC 8032, section 7.1, test 2: what a verifier must say yes to; with another message it must say no.
const KNOWN_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const KNOWN_SIGNATURE =
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

const FIELD = 2n ** 255n - 19n;
const CURVE_D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;

/** @type {Promise<Verifier> | undefined} */
let chosen;

/**
 * Whether `signature` (64 bytes) over `message` is by this public key (32 bytes, checked).
 *
 * @param {Bytes} key
 * @param {Bytes} message
 * @param {Bytes} signature
 */
export async function isSigned(key, message, signature) {
  chosen ??= choose();
  return (await chosen)(key, message, signature);
}

/**
 * The 32 raw bytes of a public key in hex. Throws `Malformed` for one that would bless many signatures: a point of
 * small order, or another spelling of a point. (That it is on the curve shows when it verifies.)
 *
 * @param {string} publicHex
 */
export function checkedPublic(publicHex) {
  const raw = unhex(publicHex);
  const y = BigInt.asUintN(255, BigInt(`0x${hex(raw.slice().reverse())}`));
  const square = y * y;
  // Of order 1, 2 and 4: y is 1, -1 or 0. Of order 8: the double has y = 0, so d y^4 + 2 y^2 = 1.
  const small = (square * (square - 1n) * (CURVE_D * square * square + 2n * square - 1n)) % FIELD === 0n;
  if (raw.length !== 32 || y >= FIELD || small) throw new Malformed("the public key is weak or impossible");
  return raw;
}

/** Chosen once, before anything is verified: "this signature is bad" never leads to another verifier. */
async function choose() {
  const [key, signature] = [unhex(KNOWN_KEY), unhex(KNOWN_SIGNATURE)];
  for (const verifier of [builtIn, vendored]) {
    try {
      if ((await verifier(key, unhex("72"), signature)) && !(await verifier(key, unhex("73"), signature))) {
        return verifier;
      }
    } catch {
      // Not there, or blocked: the next may do.
    }
  }
  throw new Unreachable("browser");
}

/** @type {Verifier} */
async function builtIn(key, message, signature) {
  const loaded = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", loaded, signature, message);
}

/** @type {Verifier} */
async function vendored(key, message, signature) {
  /** @type {{ verifyAsync(signature: Bytes, message: Bytes, key: Bytes, options: { zip215: boolean }): Promise<boolean> }} */
  const noble = await import(VENDORED);
  return noble.verifyAsync(signature, message, key, { zip215: false });
}
