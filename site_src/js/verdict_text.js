import { folded, grouped } from "./verification_code.js";
import { dated, filled, WORDS } from "./words.js";

/**
 * A verdict in words: which sentences, lines and next step a visitor is given.
 *
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {import("./certificate.js").Statement} Statement
 * @typedef {[name: string, value: string]} Line
 * @typedef {{
 *   kind: Verdict["kind"] | "checking", title: string, means: string[], notes?: string[], quote?: string, name?: string, lines?: Line[],
 *   units?: import("./certificate.js").Unit[], checked?: string, now?: string, action?: Action, details?: Line[], body?: string,
 * }} VerdictText
 * @typedef {{ label: string, text: string, correction?: string, marked?: number }} Action
 *   A button, the code that it looks up, and for a correction: the sentence before it and the character to mark.
 * @typedef {{ typed: string, clock: string, here: string }} Question  What was asked, when, and on which origin.
 */

const QUOTED = 60;

/** @param {boolean} slow @returns {VerdictText} */
export function checkingText(slow) {
  const { title, means, slow: stillChecking } = WORDS.checking;
  return { kind: "checking", title, means: [slow ? stillChecking : means] };
}

/** @param {Verdict} verdict @param {Question} question @returns {VerdictText} */
export function verdictText(verdict, question) {
  const { kind, reason, manifest, statement, successor } = verdict;
  const absent = reason === "absent";
  const { title, means, now } = absent ? WORDS.absent : WORDS.verdicts[kind];
  if (kind === "malformed") return { kind, title, ...malformed(verdict, question) };
  const values = valuesOf(verdict, question);
  const unreachable = kind === "unreachable";
  const newer = successor ? { label: WORDS.buttons.successor, text: successor } : undefined;
  const action = unreachable ? { label: WORDS.buttons.again, text: question.typed } : newer;
  return {
    kind,
    title,
    means: [filled(means, values), unreachable ? reasonOf(reason) : ""],
    notes: noticesOf(verdict, question).map((sentence) => filled(sentence, values)),
    quote: kind === "not_found" || absent ? quoted(question.typed) : "",
    name: statement && kind !== "superseded" ? statement.learner.name : "",
    lines: statement ? linesOf(statement) : [],
    units: statement?.units ?? [],
    checked: verdict.checkedAt ? filled(WORDS.checked, values) : "",
    now: filled(unreachable ? nextStep(reason) : now, values),
    ...(action && { action }),
    details: detailsOf(verdict, question),
    body: manifest ? filled(WORDS.details.body, values) : "",
  };
}

/** What fills the places in the sentences. @param {Verdict} verdict @param {Question} question */
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

/** @param {Verdict} verdict @param {Question} question */
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

/** What to do about it: not every reason is the connection's. @param {string} reason */
function nextStep(reason) {
  const { now, later, elsewhere } = WORDS.verdicts.unreachable;
  if (reason === "browser") return elsewhere;
  return ["missing", "refused", "key_window", "key_cut_off"].includes(reason) ? later : now;
}

/** @param {Verdict} verdict @param {Question} question */
function malformed({ reason, suggestion }, { typed }) {
  const plain = folded(typed.slice(0, 200));
  const { means, now } = WORDS.malformed[/** @type {"length" | "alphabet" | "check"} */ (reason)];
  const count = typed.length > 200 ? typed.length : plain.length;
  const text = { means: [filled(means, { count })], quote: quoted(typed), now };
  if (!suggestion) return text;
  const marked = [...suggestion].findIndex((symbol, at) => symbol !== plain[at]);
  const { correction } = WORDS.malformed;
  return { ...text, action: { label: WORDS.buttons.take, text: suggestion, correction, marked } };
}

/** @param {Verdict} verdict @param {Question} question */
function detailsOf({ step, reason, manifest, sequence }, { typed }) {
  const words = WORDS.details;
  return present([
    [words.code, grouped(folded(typed.slice(0, QUOTED)))],
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
