import { Malformed } from "./errors.js";
import {
  CODE,
  COUNT,
  DAY,
  DIGEST,
  listOf,
  monthsAfter,
  oneOf,
  pattern,
  setOf,
  shape,
  TEXT,
  whole,
} from "./value.js";

/**
 * What is certified: the statement, field by field as it is printed (SPEC, chapter Statement).
 *
 * @typedef {{ code: string, title: string, grade?: string }} Unit
 * @typedef {{ name: string, title: string }} Signatory
 * @typedef {{ months?: number, until?: string }} Validity
 * @typedef {{
 *   issuer_id: string, issuer: string, language: string, kind: "qualification" | "units" | "course", label: string,
 *   replacement?: true, learner: { name: string },
 *   programme: { code: string, version: string, title: string, level?: string, number?: string, size?: string },
 *   grade?: string, units?: Unit[], score?: string, hours?: number, sponsor?: string, instructor?: string,
 *   signatories: Signatory[], centre?: { name: string, number?: string },
 *   accreditation?: { body: string, number?: string, statement?: string },
 *   completed_on: string, validity: Validity, number: string, serial: string, issued_on: string, expires_on?: string,
 * }} Statement
 */

export const VERIFICATION_CODE = pattern(/^[0-9]{4}[0-9A-HJKMNP-TV-Z]{20}$/);

const STATEMENT_SHAPE = shape(
  {
    v: oneOf(1),
    issuer_id: DIGEST,
    issuer: TEXT,
    language: pattern(/^[a-z]{2,3}(-[A-Z]{2})?$/),
    kind: oneOf("qualification", "units", "course"),
    label: TEXT,
    learner: shape({ name: TEXT }),
    programme: shape({ code: CODE, version: CODE, title: TEXT }, { level: TEXT, number: TEXT, size: TEXT }),
    signatories: setOf(shape({ name: TEXT, title: TEXT }), 0, 4),
    completed_on: DAY,
    validity: shape({}, { months: whole(1, 1200), until: DAY }),
    number: VERIFICATION_CODE,
    serial: pattern(/^[A-Z]{2,4}-[0-9]{2}-[0-9]{6}$/),
    issued_on: DAY,
  },
  {
    replacement: oneOf(true),
    grade: TEXT,
    units: listOf(shape({ code: CODE, title: TEXT }, { grade: TEXT }), 1, 60),
    score: TEXT,
    hours: COUNT,
    sponsor: TEXT,
    instructor: TEXT,
    centre: shape({ name: TEXT }, { number: CODE }),
    accreditation: shape({ body: TEXT }, { number: TEXT, statement: TEXT }),
    expires_on: DAY,
  },
);

/** The statement in plain data. Throws `Malformed`. @param {unknown} fields @returns {Statement} */
export function statementOf(fields) {
  STATEMENT_SHAPE(fields);
  const statement = /** @type {Statement} */ (fields);
  const { months, until } = statement.validity;
  if (months !== undefined && until !== undefined) throw new Malformed("months or until, not both");
  if (statement.expires_on !== (months ? monthsAfter(statement.issued_on, months) : until)) {
    throw new Malformed("expires_on does not follow from the validity and issued_on");
  }
  const year = statement.issued_on.slice(0, 4);
  if (statement.number.slice(0, 4) !== year || statement.serial.split("-")[1] !== year.slice(2)) {
    throw new Malformed("number, serial and issued_on name different years");
  }
  return statement;
}
