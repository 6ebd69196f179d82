import { folded, grouped } from "./number.js";
import { WORDS, dated, filled } from "./words.js";

/**
 * A verdict in words: which sentences, lines and ways on a visitor is given (docs: what each kind shows).
 *
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {import("./certificate.js").Statement} Statement
 * @typedef {{ name: string, value: string }} Line
 * @typedef {{ label: string, text: string }} Way  A button, and the number that it looks up.
 * @typedef {{
 *   kind: Verdict["kind"] | "checking", title: string, means: string[], quote: string, slip: string, marked: number,
 *   name: string, lines: Line[], units: { code: string, title: string, grade: string }[], checked: string,
 *   now: string, ways: Way[], details: Line[], detailsBody: string,
 * }} Telling
 * @typedef {{ typed: string, clock: string, here: string }} Setting  What was asked, when, and on which origin.
 */

const QUOTED = 60;

/** @param {boolean} slow @returns {Telling} */
export function tellingOfChecking(slow) {
  const { title, means, slow: slowly } = WORDS.checking;
  return { ...EMPTY, kind: "checking", title, means: [slow ? slowly : means] };
}

/** @type {Telling} */
const EMPTY = {
  kind: "checking",
  title: "",
  means: [],
  quote: "",
  slip: "",
  marked: -1,
  name: "",
  lines: [],
  units: [],
  checked: "",
  now: "",
  ways: [],
  details: [],
  detailsBody: "",
};

/** @param {Verdict} verdict @param {Setting} setting @returns {Telling} */
export function tellingOf(verdict, setting) {
  const told = { ...EMPTY, kind: verdict.kind };
  if (verdict.kind === "malformed") return { ...told, ...malformed(verdict, setting) };
  if (verdict.kind === "unreachable") return { ...told, ...unreachable(verdict, setting) };
  const values = {
    issuer: verdict.manifest?.name ?? "",
    checked: verdict.checkedAt ? dated(verdict.checkedAt) : "",
    due: verdict.nextUpdate ? dated(verdict.nextUpdate) : "",
    changed: verdict.changedOn ? dated(verdict.changedOn) : "",
    until: verdict.until ? dated(verdict.until) : "",
    clock: dated(setting.clock),
    field: verdict.contradicted ? fieldName(verdict.contradicted) : "",
    lines: verdict.unread.map(fieldName).join(", "),
    here: setting.here,
    home: verdict.manifest?.origins.at(-1)?.origin ?? "",
  };
  const absent = verdict.kind === "stale" && verdict.reason === "absent";
  const { title, means, now } = absent ? WORDS.absent : WORDS.verdicts[verdict.kind];
  const statement = verdict.statement;
  return {
    ...told,
    title,
    means: [means, ...notices(verdict, setting)].map((sentence) => filled(sentence, values)),
    quote: verdict.kind === "not_found" || absent ? quoted(setting.typed) : "",
    name: statement && verdict.kind !== "superseded" ? statement.learner.name : "",
    lines: statement ? linesOf(statement) : [],
    units: (statement?.units ?? []).map(({ grade = "", ...unit }) => ({ ...unit, grade })),
    checked: filled(verdict.checkedAt ? WORDS.checked : WORDS.checkedOnly, values),
    now: filled(now, values),
    ways: verdict.successor ? [{ label: WORDS.buttons.successor, text: verdict.successor }] : [],
    details: detailsOf(verdict, setting),
    detailsBody: filled(WORDS.details.body, values),
  };
}

/** @param {Verdict} verdict @param {Setting} setting */
function notices(verdict, { clock, here }) {
  const { notices: words } = WORDS;
  const origins = verdict.manifest?.origins.map(({ origin }) => origin) ?? [];
  return [
    verdict.notices.includes("reinstated") ? words.reinstated : "",
    verdict.kind === "suspended" && verdict.until ? words.until : "",
    verdict.unread.length ? words.unread : "",
    verdict.kind === "stale" ? words.clock : "",
    clock < (verdict.checkedAt ?? "") ? words.clock : "",
    origins.length && !origins.includes(here) ? words.elsewhere : "",
    verdict.manifest?.sample ? words.sample : "",
  ].filter((sentence) => sentence);
}

/** @param {Verdict} verdict @param {Setting} setting @returns {Partial<Telling>} */
function malformed({ reason, suggestion }, { typed }) {
  const plain = folded(typed.slice(0, 200));
  const words = WORDS.malformed[/** @type {"length" | "alphabet" | "check"} */ (reason)];
  const count = typed.length > 200 ? `${typed.length}` : `${plain.length}`;
  return {
    title: WORDS.verdicts.malformed.title,
    means: [filled(words.means, { count })],
    quote: quoted(typed),
    slip: suggestion ? WORDS.malformed.check.slip : "",
    marked: suggestion ? [...suggestion].findIndex((symbol, at) => symbol !== plain[at]) : -1,
    now: words.now,
    ways: suggestion ? [{ label: WORDS.buttons.take, text: suggestion }] : [],
  };
}

/** @param {Verdict} verdict @param {Setting} setting @returns {Partial<Telling>} */
function unreachable({ reason, step }, { typed, clock }) {
  const { means, reasons, now, nowBrowser } = WORDS.unreachable;
  return {
    title: WORDS.verdicts.unreachable.title,
    means: [means, reasons[/** @type {keyof typeof reasons} */ (reason)] ?? reasons.damaged],
    now: reason === "browser" ? nowBrowser : now,
    ways: [{ label: WORDS.buttons.again, text: typed }],
    details: [
      { name: WORDS.details.step, value: `${step} (${reason})` },
      { name: WORDS.details.clock, value: dated(clock) },
    ],
  };
}

/** @param {Verdict} verdict @param {Setting} setting @returns {Line[]} */
function detailsOf({ step, reason, manifest, sequence, statement }, { typed, clock }) {
  const { number, step: deciding, list, listNumber, clock: device } = WORDS.details;
  return [
    { name: number, value: grouped(statement?.number ?? folded(typed)) },
    { name: deciding, value: reason ? `${step} (${reason})` : `${step}` },
    { name: list, value: filled(listNumber, { sequence, version: manifest?.version ?? 0 }) },
    { name: device, value: dated(clock) },
  ];
}

/** The certificate line by line, in the order in which it is printed. @param {Statement} statement @returns {Line[]} */
function linesOf(statement) {
  const { programme, centre, accreditation } = statement;
  const words = WORDS.fields;
  const signed = statement.signatories.map(({ name, title }) => `${name}, ${title}`).join("; ");
  const accredited = accreditation && [numbered(accreditation.body, accreditation.number), accreditation.statement];
  return [
    [words.label, statement.label],
    [words.programme, programme.title],
    [words.level, programme.level],
    [words.number, programme.number],
    [words.size, programme.size],
    [words.grade, statement.grade],
    [words.score, statement.score],
    [words.hours, statement.hours?.toString()],
    [words.centre, centre && (centre.number ? filled(words.code, { ...centre }) : centre.name)],
    [words.sponsor, statement.sponsor],
    [words.instructor, statement.instructor],
    [words.completed_on, dated(statement.completed_on)],
    [words.issued_on, dated(statement.issued_on)],
    [words.expires_on, statement.expires_on ? dated(statement.expires_on) : words.never],
    [words.accreditation, accredited?.filter((part) => part).join(". ")],
    [words.signatories, signed],
    [words.issuer, statement.issuer],
    [words.serial, statement.replacement ? `${statement.serial} (${words.replacement.toLowerCase()})` : statement.serial],
  ].flatMap(([name = "", value = ""]) => (value ? [{ name, value }] : []));
}

/** @param {string} name @param {string | undefined} number */
function numbered(name, number) {
  return number ? filled(WORDS.fields.numbered, { name, number }) : name;
}

/** The printed name of a field that `comparing` names. @param {string} field */
function fieldName(field) {
  return /** @type {Record<string, string>} */ (WORDS.fields)[field] ?? field;
}

/** What was given, as it was given, of a length that a page can show. @param {string} typed */
function quoted(typed) {
  const shown = [...typed.slice(0, 2 * QUOTED)].slice(0, QUOTED).join("");
  return shown.length < typed.length ? `${shown}…` : shown;
}
