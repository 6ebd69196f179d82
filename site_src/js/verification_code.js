/**
 * The verification code: 90 random bits that open one record (SPEC, chapter Number).
 *
 * Canonical form: 24 ASCII characters, 4 year digits, 18 random Crockford base32 symbols and 2
 * Reed-Solomon check symbols over GF(32) with x^5+x^2+1. Every change of one or two symbols is found.
 *
 * @typedef {{ code: string | null, reason: "" | "length" | "alphabet" | "check", suggestion: string | null }} TypedCode
 */

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const CODE_LENGTH = 24;
// What people write between the groups. Nothing else is skipped, so that a letter that only looks right is refused.
const BETWEEN = /[ \-\t\r\n\u00a0\u2010-\u2014\u2212\u202f]/g;
const INPUT_CAP = 200;

/** Powers of the primitive element 2, and the power that each element is. @type {number[]} */
const POWER = [];
/** @type {number[]} */
const LOG = [];
for (let power = 0, value = 1; power < 62; power += 1, value = value & 16 ? (value << 1) ^ 37 : value << 1) {
  POWER.push(value);
  LOG[value] = power % 31;
}

/** The element 2^power times `value`. @param {number} value @param {number} power */
function scaled(value, power) {
  return value ? (POWER[(LOG[value] ?? 0) + power] ?? 0) : 0;
}

/** The two syndromes: both are 0 for a code as it was made. @param {number[]} symbols */
function syndromes(symbols) {
  return [1, 2].map((power) => symbols.reduce((sum, symbol) => scaled(sum, power) ^ symbol, 0));
}

/** Read what was typed, pasted or scanned. @param {string} text @returns {TypedCode} */
export function readCode(text) {
  if ([...text.slice(0, 2 * INPUT_CAP + 1)].length > INPUT_CAP) return refused("length");
  const plain = folded(text);
  if (/[^\0-\x7f]/.test(plain)) return refused("alphabet");
  const rightLength = plain.length === CODE_LENGTH;
  const symbols = Array.from(plain, (char) => ALPHABET.indexOf(char));
  if (symbols.includes(-1) || !/^[0-9]{0,4}$/.test(plain.slice(0, 4)))
    return refused(rightLength ? "alphabet" : "length");
  if (!rightLength) return refused("length");
  if (plain.startsWith("0")) return refused("alphabet");
  if (syndromes(symbols).every((syndrome) => syndrome === 0)) {
    return { code: plain, reason: "", suggestion: null };
  }
  return { code: null, reason: "check", suggestion: corrected(symbols) };
}

/** Without what is between the groups, in the alphabet's case, look-alike Latin letters as digits. @param {string} text */
export function folded(text) {
  const plain = text.replace(BETWEEN, "");
  // Only ASCII letters: toUpperCase makes two of some others, and a letter of another alphabet must be refused.
  return plain
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
}

/** As printed: 2026-XXXXX-XXXXX-XXXXX-XXXXX. @param {string} code */
export function grouped(code) {
  return [code.slice(0, 4), ...(code.slice(4).match(/.{5}/g) ?? [])].join("-");
}

/** @param {"length" | "alphabet" | "check"} reason @returns {TypedCode} */
function refused(reason) {
  return { code: null, reason, suggestion: null };
}

/**
 * The code of which one symbol, not in the year, was mistyped; null where there is none.
 *
 * @param {number[]} symbols
 */
function corrected(symbols) {
  const [first = 0, second = 0] = syndromes(symbols);
  if (!first || !second) return null;
  // S1 = e a^j and S2 = e a^2j, so a^j = S2/S1; j counts symbols from the end.
  const [one = 0, two = 0] = [LOG[first], LOG[second]];
  const position = CODE_LENGTH - 1 - ((two - one + 31) % 31);
  if (position < 4) return null;
  const error = POWER[(2 * one - two + 31) % 31] ?? 0;
  return symbols.map((symbol, at) => ALPHABET[at === position ? symbol ^ error : symbol]).join("");
}
