/**
 * The answer to "is this certificate genuine?" (SPEC, chapter Verdict).
 *
 * The kinds are in the order of precedence: where two apply, the earlier is the answer.
 *
 * @typedef {"malformed" | "unreachable" | "forged" | "not_found" | "erased" | "revoked" | "suspended" | "superseded"
 *   | "expired" | "stale" | "copy" | "valid"} Kind
 * @typedef {{
 *   kind: Kind, step: number, reason: string, notices: string[], statement?: import("./certificate.js").Statement | undefined,
 *   checkedAt?: string | undefined, nextUpdate?: string | undefined, changedOn?: string, until?: string | null,
 *   reasonCode?: number, successor?: string | null, contradicted?: string, suggestion?: string | null,
 *   manifest?: import("./keyring.js").Manifest, sequence?: number,
 * }} Verdict
 */

/** The kinds that show nothing of a record that is there. @type {Kind[]} */
export const HIDES_FIELDS = ["revoked", "suspended"];

/** @param {Kind} kind @param {number} step @param {Partial<Verdict>} [more] @returns {Verdict} */
export function verdictOf(kind, step, more = {}) {
  return { kind, step, reason: "", notices: [], ...more };
}
