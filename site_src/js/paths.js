import { shardPrefix } from "./status.js";

/** Every published path, in one place (SPEC, chapter Layout). Paths are relative to the site's root. */

export const HEAD_PATH = "head.json";
export const MANIFEST_PATH = "manifest.json";

/** A version of the key manifest. @param {number} version */
export function manifestPath(version) {
  return `m/${version}.json`;
}

/** The bucket of a prefix (left-aligned in 24 bits). @param {number} year @param {number} bits @param {number} prefix */
export function bucketPath(year, bits, prefix) {
  const name = prefix.toString(16).padStart(6, "0");
  return `r/${year}/${bits}/${name.slice(0, 2)}/${name}.bin`;
}

/** The status shard above a bucket prefix. @param {number} year @param {number} bits @param {number} prefix */
export function shardPath(year, bits, prefix) {
  return `s/${year}/${bits}/${shardPrefix(prefix, bits).toString(16).padStart(6, "0")}.bin`;
}
