import { Malformed } from "./errors.js";

/**
 * Canonical JSON: one spelling for each value, so that bytes can be signed (SPEC, chapter JSON).
 *
 * Decoding parses, spells again and compares, so duplicate keys, floats, other orders and other
 * escapes are refused without being looked for.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 */

const JSON_NAME = /^[a-z][A-Za-z0-9_]{0,63}$/;
const DEPTH = 12;

/** Plain data from its canonical bytes, at most `cap` of them. @param {Bytes} data @param {number} cap @returns {unknown} */
export function decodeJson(data, cap) {
  if (data.length > cap) throw new Malformed(`longer than the ${cap} bytes allowed`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    const value = JSON.parse(text);
    if (spelled(value, DEPTH) === text) return value;
  } catch {
    // Not UTF-8, not JSON, or a value that has no spelling.
  }
  throw new Malformed("not canonical JSON");
}

/** @param {unknown} value @param {number} depth @returns {string} */
function spelled(value, depth) {
  if (depth < 0) throw new Malformed("nested too deeply");
  if (typeof value === "string") return spelledText(value);
  if (Array.isArray(value)) return `[${value.map((item) => spelled(item, depth - 1)).join()}]`;
  if (value && typeof value === "object") {
    const pairs = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${pairs.map(([name, item]) => `${spelledName(name)}:${spelled(item, depth - 1)}`).join()}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Malformed("not a safe integer");
  return String(value);
}

/** @param {string} name */
function spelledName(name) {
  if (!JSON_NAME.test(name)) throw new Malformed("a field name is not of the canonical form");
  return `"${name}"`;
}

/** @param {string} text */
function spelledText(text) {
  if (/\p{Surrogate}/u.test(text)) throw new Malformed("a string holds half of a character");
  if (text.normalize("NFC") !== text) throw new Malformed("a string is not in normal form C");
  return JSON.stringify(text);
}
