import { Malformed } from "./errors.js";

/**
 * Closed shapes for plain data: a check takes a value and throws `Malformed` unless it is as it must be.
 *
 * Days and instants stay ISO text, which compares in time order. Unknown fields are refused.
 *
 * @typedef {(value: unknown) => void} Check
 */

// Controls, what reorders or hides text or shows as nothing, and what is no character (SPEC, Types).
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /\u034f|[\0-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\p{NChar}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/u;

/** @param {boolean} right @returns {asserts right} */
function insist(right) {
  if (!right) throw new Malformed("a field is not as the format says");
}

/** @param {RegExp} form @returns {Check} */
export function pattern(form) {
  return (value) => insist(typeof value === "string" && form.test(value));
}

/** An integer in these bounds. @param {number} least @param {number} most @returns {Check} */
export function whole(least, most) {
  return (value) => insist(Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most);
}

/** One of these values. @param {unknown[]} values @returns {Check} */
export function oneOf(...values) {
  return (value) => insist(values.includes(value));
}

/** @param {Check} check @param {number} least @param {number} most @returns {Check} */
export function listOf(check, least, most) {
  return (value) => {
    insist(Array.isArray(value) && value.length >= least && value.length <= most);
    value.forEach(check);
  };
}

/** A list in which nothing is twice. @param {Check} check @param {number} least @param {number} most @returns {Check} */
export function setOf(check, least, most) {
  const list = listOf(check, least, most);
  return (value) => {
    list(value);
    const spellings = /** @type {unknown[]} */ (value).map((item) => JSON.stringify(item));
    insist(new Set(spellings).size === spellings.length);
  };
}

/**
 * An object with these fields and no other; those of `optional` may be absent, and are never null.
 *
 * @param {Record<string, Check>} required
 * @param {Record<string, Check>} [optional]
 * @returns {Check}
 */
export function shape(required, optional = {}) {
  const checks = new Map(Object.entries({ ...required, ...optional }));
  return (value) => {
    insist(typeof value === "object" && value !== null && !Array.isArray(value));
    for (const [name, item] of Object.entries(value)) {
      const check = checks.get(name);
      insist(check !== undefined);
      check(item);
    }
    for (const name of Object.keys(required)) insist(Object.hasOwn(value, name));
  };
}

/** Words for people: no control or direction characters, 1 to 300 characters. @type {Check} */
export function TEXT(value) {
  insist(typeof value === "string" && value !== "" && [...value].length <= 300);
  insist(!HIDDEN.test(value) && value === value.trim());
}

/** YYYY-MM-DD, a day that exists. @type {Check} */
export function DAY(value) {
  insist(typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value));
  insist(exists(`${value}T00:00:00Z`));
}

/** YYYY-MM-DDTHH:MM:SSZ, an instant that exists. @type {Check} */
export function INSTANT(value) {
  insist(typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value));
  insist(exists(value));
}

export const COUNT = whole(0, Number.MAX_SAFE_INTEGER);
export const DIGEST = pattern(/^[0-9a-f]{64}$/);
export const CODE = pattern(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/);
export const KEY_ID = pattern(/^[0-9a-f]{16}$/);

/** @param {string} instant */
function exists(instant) {
  const moment = Date.parse(instant);
  return !Number.isNaN(moment) && instantOf(moment / 1000) === instant && !instant.startsWith("0000");
}

/** An instant as whole seconds since 1970-01-01T00:00:00Z. @param {string} instant */
export function secondsOf(instant) {
  return Date.parse(instant) / 1000;
}

/** The instant that lies this many seconds after 1970-01-01T00:00:00Z. @param {number} seconds */
export function instantOf(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** The day that many days after this one; the last there is, beyond it. @param {string} day @param {number} days */
export function laterDay(day, days) {
  const later = instantOf(secondsOf(`${day}T00:00:00Z`) + days * 86400);
  return later.startsWith("+") ? "9999-12-31" : later.slice(0, 10);
}

/** The same day that many months on; the last of the month where it has no such day. @param {string} day @param {number} months */
export function monthsAfter(day, months) {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return laterDay(first.toISOString().slice(0, 10), Math.min(date, last) - 1);
}
