import { Malformed, Unsupported } from "./errors.js";
import { hex, unhex } from "./frame.js";

/**
 * Ed25519 (RFC 8032): by WebCrypto; by the vendored library only where the browser has none.
 *
 * Verifiers disagree on malformed keys, so a public key is checked when it is loaded (canonical,
 * on the curve, in the main subgroup); over such keys they all agree.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 * @typedef {(key: Bytes, message: Bytes, signature: Bytes) => Promise<boolean>} Verifier
 */

export const SIGNATURE_BYTES = 64;
export const KEY_ID_BYTES = 8;
const VENDORED = "./noble-ed25519.js";

// RFC 8032, section 7.1, test 2: what a verifier must say yes to; with another message it must say no.
const KNOWN_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const KNOWN_SIGNATURE =
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
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

/** The 32 raw bytes of a public key in hex. Throws `Malformed` for a weak or impossible one. @param {string} publicHex */
export function checkedPublic(publicHex) {
  const raw = unhex(publicHex);
  const point = decompressed(raw);
  if (raw.length !== 32 || !point || isNeutral(point) || !isNeutral(multiplied(point, ORDER))) {
    throw new Malformed("the public key is not a valid Ed25519 point");
  }
  return raw;
}

/** Chosen once, before anything is verified: "this signature is bad" never leads to another verifier. */
async function choose() {
  for (const candidate of [builtIn, vendored]) {
    try {
      const verifier = await candidate();
      const [key, signature] = [unhex(KNOWN_KEY), unhex(KNOWN_SIGNATURE)];
      if ((await verifier(key, unhex("72"), signature)) && !(await verifier(key, unhex("73"), signature))) {
        return verifier;
      }
    } catch {
      // Not there, or blocked: the next may do.
    }
  }
  throw new Unsupported("Ed25519");
}

/** @returns {Promise<Verifier>} */
async function builtIn() {
  return async (key, message, signature) => {
    const loaded = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return crypto.subtle.verify("Ed25519", loaded, signature, message);
  };
}

/** @returns {Promise<Verifier>} */
async function vendored() {
  /** @type {{ verifyAsync(signature: Bytes, message: Bytes, key: Bytes, options: { zip215: boolean }): Promise<boolean> }} */
  const noble = await import(new URL(VENDORED, document.baseURI).href);
  return (key, message, signature) => noble.verifyAsync(signature, message, key, { zip215: false });
}

/**
 * A point in extended coordinates (X, Y, Z, T), RFC 8032, section 5.1.4.
 *
 * @typedef {[bigint, bigint, bigint, bigint]} Point
 */

/** @param {bigint} value */
function reduced(value) {
  const rest = value % FIELD;
  return rest < 0n ? rest + FIELD : rest;
}

/** @param {bigint} base @param {bigint} exponent */
function power(base, exponent) {
  let result = 1n;
  for (let square = base, rest = exponent; rest; rest >>= 1n, square = (square * square) % FIELD) {
    if (rest & 1n) result = (result * square) % FIELD;
  }
  return result;
}

/** RFC 8032, section 5.1.3; null for what is no point, or another spelling of one. @param {Bytes} raw @returns {Point | null} */
function decompressed(raw) {
  const value = BigInt(`0x${hex(raw.slice().reverse())}`);
  const y = BigInt.asUintN(255, value);
  const sign = value >> 255n;
  if (y >= FIELD) return null;
  const u = reduced(y * y - 1n);
  const v = reduced(CURVE_D * y * y + 1n);
  let x = reduced(u * v ** 3n * power(reduced(u * v ** 7n), (FIELD - 5n) / 8n));
  if (reduced(v * x * x) !== u) x = reduced(x * power(2n, (FIELD - 1n) / 4n));
  if (reduced(v * x * x) !== u || (!x && sign)) return null;
  if ((x & 1n) !== sign) x = FIELD - x;
  return [x, y, 1n, reduced(x * y)];
}

/** @param {Point} left @param {Point} right @returns {Point} */
function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = (y1 - x1) * (y2 - x2);
  const b = (y1 + x1) * (y2 + x2);
  const c = reduced(2n * CURVE_D * t1) * t2;
  const d = 2n * z1 * z2;
  const [e, f, g, h] = [reduced(b - a), reduced(d - c), reduced(d + c), reduced(b + a)];
  return [reduced(e * f), reduced(g * h), reduced(f * g), reduced(e * h)];
}

/** @param {Point} point @param {bigint} times @returns {Point} */
function multiplied(point, times) {
  /** @type {Point} */
  let result = [0n, 1n, 1n, 0n];
  for (const bit of times.toString(2)) {
    result = added(result, result);
    if (bit === "1") result = added(result, point);
  }
  return result;
}

/** @param {Point} point */
function isNeutral([x, y, z]) {
  return x === 0n && y === z;
}
