/**
 * The answer to "is this certificate genuine?" (SPEC, chapter Verdict).
 *
 * @typedef {typeof KINDS[number]} Kind
 * @typedef {{
 *   kind: Kind, step: number, reason: string, statement: import("./certificate.js").Statement | null,
 *   checkedAt: string | null, nextUpdate: string | null, changedOn: string | null, until: string | null,
 *   reasonCode: number, successor: string | null, contradicted: string | null, unread: string[],
 *   suggestion: string | null, notices: string[], manifest: import("./keyring.js").Manifest | null,
 *   sequence: number,
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
  return {
    kind,
    step,
    reason: "",
    statement: null,
    checkedAt: null,
    nextUpdate: null,
    changedOn: null,
    until: null,
    reasonCode: 0,
    successor: null,
    contradicted: null,
    unread: [],
    suggestion: null,
    notices: [],
    manifest: null,
    sequence: 0,
    ...more,
  };
}

/** The answer where several apply. @param {Verdict[]} answers @returns {Verdict} */
export function worst(answers) {
  return answers.reduce((left, right) => (KINDS.indexOf(right.kind) < KINDS.indexOf(left.kind) ? right : left));
}
