/**
 * Every word that a visitor reads from the script, in one place, so that other languages can stand beside it.
 *
 * `{name}` is a place that `filled` fills. A verdict has a title (the answer), `means` (what is known) and
 * `now` (what to do). They must be true for whoever reads them: the employer, and the holder beside them.
 */

export const WORDS = {
  verdicts: {
    valid: {
      title: "Genuine and current",
      means: "{issuer} issued this certificate, and it stands.",
      now: "Compare every line above with the certificate in front of you, and the person’s ID with the name. If a line differs, the paper was changed: do not accept it, and tell {issuer}.",
    },
    copy: {
      title: "Genuine record, but your file is a copy",
      means:
        "{issuer} issued the certificate described here, and it stands. Your file is not the file that was issued: it was printed, scanned or saved again, so it proves nothing by itself.",
      now: "Go by the lines above, not by the file. Compare every line with it, and the person’s ID with the name.",
    },
    stale: {
      title: "Genuine when last confirmed",
      means:
        "{issuer} issued this certificate, and on {checked} it stood. This site was due to confirm that again by {due} and has not yet, so a change since then would not show here.",
      now: "Nothing speaks against the certificate. Compare every line above with it. If today’s standing matters, try again tomorrow or ask {issuer}.",
    },
    expired: {
      title: "Genuine, but it has run out",
      means: "{issuer} issued this certificate. It held until {changed}, and has not been withdrawn.",
      now: "Ask the holder for a renewed certificate. Until then, treat it as proof of what was achieved, not of what holds today.",
    },
    superseded: {
      title: "Replaced by a newer certificate",
      means:
        "{issuer} issued this certificate and replaced it on {changed}. What was certified is shown; the name is left to the newer certificate.",
      now: "Ask the holder for the newer certificate and check that one. Being replaced is no mark against anybody.",
    },
    suspended: {
      title: "On hold",
      means:
        "{issuer} put this certificate on hold on {changed} while a question is looked into. That is not a finding against anybody.",
      now: "Do not rely on it today. Check again later, or ask {issuer} when an answer is expected.",
    },
    revoked: {
      title: "Withdrawn",
      means: "{issuer} withdrew this certificate on {changed}. It no longer counts.",
      now: "Do not rely on it. If you hold it yourself, or believe that this is wrong, ask {issuer} to look into it.",
    },
    erased: {
      title: "Issued, but the record was removed",
      means:
        "{issuer} issued a certificate with this number. Its record was removed on {changed}, so what it said cannot be confirmed here.",
      now: "People may ask for their record to be removed, so this is no mark against anybody. Ask the holder for another proof, or for their leave to ask {issuer}.",
    },
    forged: {
      title: "This file does not match the record",
      means: "What your file shows under “{field}” is not what {issuer} certified.",
      now: "Do not accept the file. Ask the holder for the certificate as it was issued, and tell {issuer} what you were shown.",
    },
    not_found: {
      title: "No certificate has this number",
      means:
        "The list that {issuer} publishes is up to date, and this number is not on it. You looked for:",
      now: "Compare the number above with the paper, sign by sign. Then compare the web address printed on the paper with the one in your browser: another organisation’s certificates are not found here. If both agree, do not accept the certificate before you have asked {issuer}.",
    },
    malformed: {
      title: "This is not a complete number",
      means: "",
      now: "",
    },
    unreachable: {
      title: "It could not be checked",
      means: "",
      now: "",
    },
  },
  // A stale list on which the number does not stand: nothing is known to be genuine.
  absent: {
    title: "Not on our list, but the list is old",
    means:
      "This number was not on the list of {issuer} of {checked}. The list was due to be renewed by {due} and has not been, so a certificate issued since then would not show here.",
    now: "This answers nothing yet, for or against. Compare the number with the paper; then try again tomorrow or ask {issuer}.",
  },
  malformed: {
    length: {
      means: "A verification number has 24 letters and digits; here are {count}. You gave:",
      now: "Find the number printed beside the QR code. It begins with a year and has five groups, like 2026-XXXXX-XXXXX-XXXXX-XXXXX. The shorter certificate number, like NW-26-004312, is for the office and opens nothing here.",
    },
    alphabet: {
      means: "It holds a sign that no verification number has. You gave:",
      now: "Type it again from the paper. It has only digits and the letters A to Z without U; the first four signs are a year.",
    },
    check: {
      means: "The number contradicts itself, so at least one sign is not as printed. Nothing was looked up. You gave:",
      now: "Compare it with the paper, sign by sign, and type it again.",
      slip: "Perhaps one sign is wrong. Look at the marked place on the paper before you choose this number:",
    },
  },
  unreachable: {
    // Said first whatever the reason is.
    means: "This says nothing about the certificate, neither good nor bad.",
    reasons: {
      network: "This site did not answer: the connection may be down, or a Wi-Fi sign-in page is in the way.",
      missing: "A file that this site should have was not there. It may be in the middle of being renewed.",
      damaged: "A file arrived that is not as it was published. A sign-in page, a filter or a fault of this site can do that.",
      outdated: "An older copy of this site’s files arrived than the one already seen.",
      key_window: "A file of this site is signed with a key outside its time.",
      key_cut_off: "A file of this site is signed with a key that has been given up.",
      browser: "This browser cannot do the check: it is too old, or this page was not opened over a secure connection.",
      page: "This page did not arrive whole.",
    },
    now: "Check your connection, then try again. If it goes on, ask the organisation through the contact page; keep the certificate until you have an answer.",
    nowBrowser: "Open the link on another device or in a newer browser.",
  },
  checking: {
    title: "Checking…",
    means: "Your browser is fetching the list and checking the signatures itself. The number stays on your device.",
    slow: "Still fetching: the connection is slow. You need do nothing.",
  },
  notices: {
    reinstated: "It was on hold or withdrawn for a time and was reinstated on {changed}.",
    until: "The hold was set to be looked at again by {until}.",
    clock: "This device’s clock says {clock}. If that is wrong, set it and try again.",
    elsewhere: "You are on a copy of this site at {here}. The address that {issuer} publishes is {home}.",
    sample: "This is a sample: {issuer} and its certificates are invented.",
    unread: "These lines could not be read in your file; compare them yourself: {lines}.",
  },
  checked: "Checked against the list of {checked}, as published by {issuer}. It is good until {due}.",
  checkedOnly: "Checked against the list published by {issuer}.",
  fields: {
    learner: "Awarded to",
    label: "Document",
    programme: "Programme",
    level: "Level",
    number: "Qualification number",
    size: "Size",
    grade: "Grade",
    score: "Score",
    hours: "Hours",
    instructor: "Instructor",
    sponsor: "Sponsor",
    centre: "Centre",
    accreditation: "Accredited by",
    completed_on: "Completed",
    issued_on: "Issued",
    expires_on: "Expires",
    never: "does not expire",
    serial: "Certificate number",
    signatories: "Signed by",
    issuer: "Issued by",
    replacement: "Replacement of an earlier certificate",
    code: "{name} ({number})",
    numbered: "{name}, no. {number}",
  },
  units: { caption: "Units", code: "Unit", title: "Title", grade: "Grade" },
  details: {
    summary: "How this was checked",
    body: "Your browser fetched two files of this site, which hold this record among others, opened the one record that this number opens, and checked its signatures up to the root key of {issuer}. Nobody was told which certificate you looked at.",
    number: "Verification number",
    step: "Deciding step",
    list: "List",
    listNumber: "no. {sequence}, keys version {version}",
    clock: "This device’s clock",
  },
  buttons: { again: "Try again", take: "Look up this number", successor: "Check the newer certificate" },
  now: "What to do now",
  months: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
  instant: "{day}, {time} UTC",
};

/** The text with its places filled; an unknown place stays as it is. @param {string} text @param {Record<string, string | number>} values */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** 26 June 2026; of an instant also the time. @param {string} moment */
export function dated(moment) {
  const [year, month, day] = moment.slice(0, 10).split("-").map(Number);
  const words = `${day} ${WORDS.months[(month ?? 1) - 1]} ${year}`;
  return moment.length > 10 ? filled(WORDS.instant, { day: words, time: moment.slice(11, 16) }) : words;
}
