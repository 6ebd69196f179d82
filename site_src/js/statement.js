import { statementOf } from "./certificate.js";
import { decodeJson } from "./strict_json.js";

/** The statement's bytes (SPEC, chapter Statement). */

const STATEMENT_CAP = 16_384;

/** A statement from its bytes, verified before by the caller. Throws `Malformed`. @param {import("./frame.js").Bytes} data */
export function decodeStatement(data) {
  return statementOf(decodeJson(data, STATEMENT_CAP));
}
