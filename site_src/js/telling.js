import { folded, grouped } from "./number.js";
import { WORDS, dated, filled } from "./words.js";

/**
 * A verdict in words: which sentences, lines and ways on a visitor is given.
 *
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {import("./certificate.js").Statement} Statement
 * @typedef {[name: string, value: string]} Line
 * @typedef {{
 *   kind: Verdict["kind"] | "checking", title: string, means: string[], notes?: string[], quote?: string, name?: string, lines?: Line[],
 *   units?: import("./certificate.js").Unit[], checked?: string, now?: string, way?: Way, details?: Line[], body?: string,
 * }} Telling
 * @typedef {{ label: string, text: string, slip?: string, marked?: number }} Way
 *   A button, the number that it looks up, and for a correction: the sentence before it and the sign to mark.
 * @typedef {{ typed: string, clock: string, here: string }} Setting  What was asked, when, and on which origin.
 */

const QUOTED = 60;

/** @param {boolean} slow @returns {Telling} */
export function tellingOfChecking(slow) {
  const { title, means, slow: slowly } = WORDS.checking;
  return { kind: "checking", title, means: [slow ? slowly : means] };
}

/** @param {Verdict} verdict @param {Setting} setting @returns {Telling} */
export function tellingOf(verdict, setting) {
  const { kind, reason, manifest, statement, successor } = verdict;
  const absent = reason === "absent";
  const { title, means, now } = absent ? WORDS.absent : WORDS.verdicts[kind];
  if (kind === "malformed") return { kind, title, ...malformed(verdict, setting) };
  const values = valuesOf(verdict, setting);
  const unreached = kind === "unreachable";
  const successive = successor ? { label: WORDS.buttons.successor, text: successor } : undefined;
  const way = unreached ? { label: WORDS.buttons.again, text: setting.typed } : successive;
  return {
    kind,
    title,
    means: [filled(means, values), unreached ? reasonOf(reason) : ""],
    notes: noticesOf(verdict, setting).map((sentence) => filled(sentence, values)),
    quote: kind === "not_found" || absent ? quoted(setting.typed) : "",
    name: statement && kind !== "superseded" ? statement.learner.name : "",
    lines: statement ? linesOf(statement) : [],
    units: statement?.units ?? [],
    checked: verdict.checkedAt ? filled(WORDS.checked, values) : "",
    now: filled(now, values),
    ...(way && { way }),
    details: detailsOf(verdict, setting),
    body: manifest ? filled(WORDS.details.body, values) : "",
  };
}

/** What the places in the sentences stand for. @param {Verdict} verdict @param {Setting} setting */
function valuesOf({ manifest, checkedAt, nextUpdate, changedOn, until, contradicted = "" }, { clock }) {
  const day = (/** @type {string | null | undefined} */ moment) => (moment ? dated(moment) : "");
  return {
    issuer: manifest?.name ?? "",
    home: manifest?.origins.at(-1)?.origin ?? "",
    checked: day(checkedAt),
    due: day(nextUpdate),
    changed: day(changedOn),
    until: day(until),
    clock: day(clock),
    field: /** @type {Record<string, string>} */ (WORDS.fields)[contradicted] ?? contradicted,
  };
}

/** @param {Verdict} verdict @param {Setting} setting */
function noticesOf({ kind, notices, until, reasonCode, checkedAt = "", manifest }, { clock, here }) {
  const words = WORDS.notices;
  const origins = manifest?.origins.filter((listed) => !listed.until || clock < listed.until);
  return [
    kind === "revoked" && /** @type {Record<string, string>} */ (WORDS.reasons)[`${reasonCode}`],
    notices.includes("reinstated") && words.reinstated,
    until && words.until,
    (kind === "stale" || clock.slice(0, 10) < checkedAt.slice(0, 10)) && words.clock,
    origins?.every(({ origin }) => origin !== here) && words.elsewhere,
    manifest?.sample && words.sample,
  ].flatMap((sentence) => sentence || []);
}

/** @param {string} reason */
function reasonOf(reason) {
  return WORDS.unreachable[/** @type {keyof WORDS["unreachable"]} */ (reason)];
}

/** @param {Verdict} verdict @param {Setting} setting */
function malformed({ reason, suggestion }, { typed }) {
  const plain = folded(typed.slice(0, 200));
  const { means, now } = WORDS.malformed[/** @type {"length" | "alphabet" | "check"} */ (reason)];
  const count = typed.length > 200 ? typed.length : plain.length;
  const told = { means: [filled(means, { count })], quote: quoted(typed), now };
  if (!suggestion) return told;
  const marked = [...suggestion].findIndex((symbol, at) => symbol !== plain[at]);
  return { ...told, way: { label: WORDS.buttons.take, text: suggestion, slip: WORDS.malformed.slip, marked } };
}

/** @param {Verdict} verdict @param {Setting} setting */
function detailsOf({ step, reason, manifest, sequence }, { typed }) {
  const words = WORDS.details;
  return present([
    [words.number, grouped(folded(typed.slice(0, QUOTED)))],
    [words.step, `${step} ${reason}`],
    [words.list, manifest && `${sequence}, ${manifest.version}`],
  ]);
}

/** The certificate line by line, in the order of its words. @param {Statement} statement */
function linesOf(statement) {
  const { programme, centre, accreditation, signatories, expires_on } = statement;
  /** @type {Record<string, unknown>} */
  const printed = {
    ...statement,
    ...programme,
    title: programme.title,
    regulated_number: programme.number,
    centre: centre?.name,
    centre_number: centre?.number,
    accreditation: accreditation?.body,
    accreditation_number: accreditation?.number,
    accreditation_statement: accreditation?.statement,
    completed_on: dated(statement.completed_on),
    issued_on: dated(statement.issued_on),
    expires_on: expires_on ? dated(expires_on) : WORDS.never,
    signatories: signatories.map(({ name, title }) => `${name}, ${title}`).join("; "),
    replacement: statement.replacement && WORDS.yes,
  };
  return present(Object.entries(WORDS.fields).map(([field, name]) => [name, printed[field]]));
}

/** Those lines that have a value. @param {[string, unknown][]} lines @returns {Line[]} */
function present(lines) {
  return lines.flatMap(([name, value]) => (value ? [/** @type {Line} */ ([name, String(value)])] : []));
}

/** What was given, as it was given, of a length that a page can show. @param {string} typed */
function quoted(typed) {
  const shown = [...typed.slice(0, 2 * QUOTED)].slice(0, QUOTED).join("");
  return shown.length < typed.length ? `${shown}…` : shown;
}
