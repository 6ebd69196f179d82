/**
 * The answer to "is this certificate genuine?" (SPEC, chapter Verdict).
 *
 * @typedef {typeof KINDS[number]} Kind
 * @typedef {{
 *   kind: Kind, step: number, reason: string, notices: string[], statement?: import("./certificate.js").Statement | undefined,
 *   checkedAt?: string | undefined, nextUpdate?: string | undefined, changedOn?: string, until?: string | null,
 *   reasonCode?: number, successor?: string | null, contradicted?: string, unread?: string[], suggestion?: string | null,
 *   manifest?: import("./keyring.js").Manifest, sequence?: number,
 * }} Verdict
 */

/** In order of precedence: where two apply, the earlier is the answer. */
export const KINDS = /** @type {const} */ ([
  "malformed",
  "unreachable",
  "forged",
  "not_found",
  "erased",
  "revoked",
  "suspended",
  "superseded",
  "expired",
  "stale",
  "copy",
  "valid",
]);

/** @type {readonly Kind[]} */
export const SHOWS_FIELDS = ["valid", "copy", "stale", "expired", "superseded"];

/** @param {Kind} kind @param {number} step @param {Partial<Verdict>} [more] @returns {Verdict} */
export function verdictOf(kind, step, more = {}) {
  return { kind, step, reason: "", notices: [], ...more };
}

/** The answer where several apply. @param {Verdict[]} answers @returns {Verdict} */
export function worst(answers) {
  return answers.reduce((left, right) => (KINDS.indexOf(right.kind) < KINDS.indexOf(left.kind) ? right : left));
}
