import { Malformed } from "./errors.js";

/**
 * Reading and writing bytes: big-endian, every length checked, nothing left over.
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/** Takes fields off the front of some bytes; throws `Malformed` where they run out. */
export class Reader {
  #data;
  #what;
  #at = 0;

  /** @param {Bytes} data @param {string} what */
  constructor(data, what) {
    this.#data = data;
    this.#what = what;
  }

  /** The next `length` bytes. @param {number} length */
  take(length) {
    const end = this.#at + length;
    if (end > this.#data.length) throw new Malformed(`${this.#what} is cut short`);
    const part = this.#data.slice(this.#at, end);
    this.#at = end;
    return part;
  }

  /** The next `size` bytes as an unsigned integer; exact up to 2^53. @param {number} size */
  number(size) {
    return this.take(size).reduce((value, byte) => value * 256 + byte, 0);
  }

  /** Take these very characters. @param {string} constant */
  expect(constant) {
    if (String.fromCharCode(...this.take(constant.length)) !== constant)
      throw new Malformed(`not ${this.#what}`);
  }

  /** All bytes taken so far. */
  get read() {
    return this.#data.slice(0, this.#at);
  }

  /** Refuse anything left over. */
  end() {
    if (this.#at !== this.#data.length) throw new Malformed(`${this.#what} has bytes left over`);
  }
}

/** @param {number} value @param {number} size @returns {Bytes} */
export function unsigned(value, size) {
  const bytes = new Uint8Array(size);
  for (let at = size - 1, rest = value; at >= 0; at -= 1, rest = Math.floor(rest / 256))
    bytes[at] = rest % 256;
  return bytes;
}

/** @param {Bytes[]} parts @returns {Bytes} */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {string} text @returns {Bytes} */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** Hex digits: they compare and sort as the bytes do. @param {Bytes} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a string of hex digits that has been checked to be one. @param {string} digits @returns {Bytes} */
export function unhex(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
