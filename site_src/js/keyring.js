import { Malformed } from "./errors.js";
import {
  COUNT,
  DIGEST,
  INSTANT,
  KEY_ID,
  listOf,
  oneOf,
  pattern,
  secondsOf,
  setOf,
  shape,
  TEXT,
  whole,
} from "./value.js";

/**
 * Keys, their one role each, and the manifest by which the root vouches for them (SPEC, Keys).
 *
 * @typedef {"root" | "certificate" | "online" | "log" | "badge"} Role
 * @typedef {{ threshold: number, keys: string[] }} RootKeys
 * @typedef {{ id: string, role: Role, public: string, start: string, until?: string, cutoff?: { log_index: number } }} Key
 * @typedef {{ origin: string, start: string, until?: string }} OriginFrom
 * @typedef {{
 *   version: number, issuer_id?: string, previous?: string, name: string, code: string, sample?: true,
 *   created_at: string, expires_at: string, root: RootKeys, keys: Key[], origins: OriginFrom[],
 * }} Manifest
 * @typedef {{ issuer_id: string, name: string, manifest_version: number, root: RootKeys }} Pin
 */

export const ONLINE_WINDOW = 35 * 86400;

const ROOT_SHAPE = shape({ threshold: whole(1, 9), keys: setOf(DIGEST, 1, 9) });
const PIN_SHAPE = shape({
  v: oneOf(1),
  issuer_id: DIGEST,
  name: TEXT,
  manifest_version: whole(1, 1_000_000),
  root: ROOT_SHAPE,
});
const KEY_SHAPE = shape(
  { id: KEY_ID, role: oneOf("certificate", "online", "log", "badge"), public: DIGEST, start: INSTANT },
  { until: INSTANT, cutoff: shape({ log_index: COUNT }) },
);
const ORIGIN_SHAPE = shape(
  { origin: pattern(/^https?:\/\/[a-z0-9.-]{1,200}(:[0-9]{1,5})?$/), start: INSTANT },
  { until: INSTANT },
);
const MANIFEST_SHAPE = shape(
  {
    v: oneOf(1),
    version: whole(1, 1_000_000),
    name: TEXT,
    code: pattern(/^[A-Z]{2,4}$/),
    created_at: INSTANT,
    expires_at: INSTANT,
    root: ROOT_SHAPE,
    keys: listOf(KEY_SHAPE, 0, 400),
    origins: listOf(ORIGIN_SHAPE, 1, 40),
  },
  { issuer_id: DIGEST, previous: DIGEST, sample: oneOf(true) },
);

/** The manifest in plain data. Throws `Malformed`. @param {unknown} fields @returns {Manifest} */
export function manifestOf(fields) {
  MANIFEST_SHAPE(fields);
  const manifest = /** @type {Manifest} */ (fields);
  const genesis = manifest.version === 1;
  const publics = [...manifest.keys.map((key) => key.public), ...manifest.root.keys];
  if (
    genesis !== (manifest.issuer_id === undefined) ||
    genesis !== (manifest.previous === undefined) ||
    manifest.expires_at <= manifest.created_at ||
    new Set(publics).size !== publics.length ||
    new Set(manifest.keys.map((key) => key.id)).size !== manifest.keys.length
  ) {
    throw new Malformed("the manifest contradicts itself");
  }
  checkRoot(manifest.root);
  manifest.keys.forEach(checkWindow);
  return manifest;
}

/** The pin in plain data. Throws `Malformed`. @param {unknown} fields @returns {Pin} */
export function pinOf(fields) {
  PIN_SHAPE(fields);
  const pin = /** @type {Pin} */ (fields);
  checkRoot(pin.root);
  return pin;
}

/** @param {RootKeys} root */
function checkRoot(root) {
  if (root.threshold > root.keys.length) throw new Malformed("threshold is higher than the number of keys");
}

/** @param {Key} key */
function checkWindow({ role, start, until }) {
  const length = until === undefined ? Infinity : secondsOf(until) - secondsOf(start);
  if (length <= 0 || (role === "online" && length > ONLINE_WINDOW))
    throw new Malformed("an impossible window");
}
