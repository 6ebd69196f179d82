/**
 * Every word that a visitor reads from the script, in one place, so that other languages can be beside it.
 *
 * `{name}` is a place that `filled` fills. A verdict has a title (the words of VERDICT_WORDS), `means` (what is known)
 * and `now` (what to do). They must be true for whoever reads them: the employer, and the holder beside them.
 */

export const WORDS = {
  verdicts: {
    valid: {
      title: "Genuine and current",
      means: "{issuer} issued this certificate, and it is valid. Now compare it line by line.",
      now: "Compare every line with the certificate in front of you, and the person’s ID with the name. If a line differs, do not accept it, and tell {issuer}.",
    },
    copy: {
      title: "Not our original file",
      means:
        "{issuer} issued this certificate, and it is valid. Your file is not the one that was issued: it was printed, scanned or saved again.",
      now: "Go by these lines, not by the file: compare every line with it, and the person’s ID with the name.",
    },
    stale: {
      title: "Genuine, list out of date",
      means:
        "{issuer} issued this certificate, and on {checked} it was valid. The next list, due by {due}, is late.",
      now: "Nothing is known against the certificate: compare every line with it. If it must be valid today, try again tomorrow or ask {issuer}.",
    },
    expired: {
      title: "Expired",
      means: "{issuer} issued this certificate. It was valid until {changed}.",
      now: "It shows what was achieved, not what is valid today. Ask the holder for a renewed one.",
    },
    superseded: {
      title: "Replaced",
      means: "{issuer} replaced this certificate on {changed}. Only the newer one shows the name.",
      now: "Ask the holder for the newer one and check that. A replacement says nothing against anybody.",
    },
    suspended: {
      title: "On hold",
      means:
        "{issuer} put this certificate on hold on {changed} while a question is looked into. That says nothing against anybody.",
      now: "Do not rely on it today. Check again later, or ask {issuer}.",
    },
    revoked: {
      title: "Withdrawn",
      means: "{issuer} withdrew this certificate on {changed}.",
      now: "Do not rely on it. If you hold it, or believe that this is wrong, ask {issuer} to look into it.",
    },
    erased: {
      title: "Record removed",
      means: "{issuer} issued a certificate with this verification code and removed its record on {changed}.",
      now: "Nothing can be compared. People may ask for that, so it says nothing against anybody: ask the holder for another proof.",
    },
    forged: {
      title: "Altered",
      means: "What your file shows as “{field}” is not what {issuer} certified.",
      now: "Do not accept it. Ask the holder for the certificate as it was issued, and tell {issuer}.",
    },
    not_found: {
      title: "No such certificate",
      means: "This verification code is not on the list of {issuer}, which is up to date. You looked for:",
      now: "Compare the code with the paper, and the web address on the paper with the one in your browser: other organisations’ certificates are not found here. If both agree, ask {issuer} before you accept it.",
    },
    malformed: { title: "Mistyped", means: "", now: "" },
    unreachable: {
      title: "Could not be checked",
      means: "This says nothing about the certificate, good or bad.",
      now: "Check your connection and try again. If that does not help, ask through the contact page.",
      later: "Try again in some minutes. If that does not help, ask through the contact page.",
      elsewhere: "Try another device or browser. If that does not help, ask through the contact page.",
    },
  },
  // A list out of date without this verification code: nothing is known to be genuine.
  absent: {
    title: "Not on the list, list out of date",
    means: "The list of {issuer} is of {checked} and was to be renewed by {due}. You looked for:",
    now: "This says nothing yet. Compare the code with the paper; then try again tomorrow or ask {issuer}.",
  },
  malformed: {
    length: {
      means: "A verification code has 24 letters and digits. You gave {count}:",
      now: "Find it beside the QR code: a year and four groups. The certificate number, which is shorter, opens nothing here.",
    },
    alphabet: {
      means: "It holds a character that no verification code has. You gave:",
      now: "Type it again from the paper: a year, then digits and the letters A to Z without U.",
    },
    check: {
      means: "At least one character is not as printed, so nothing was looked up. You gave:",
      now: "Compare it with the paper and type it again.",
    },
    correction:
      "Perhaps only the marked character was wrong. Compare it with the paper before you choose this code:",
  },
  unreachable: {
    network: "This site did not answer: the connection may be down, or a Wi-Fi sign-in page is in the way.",
    missing: "A file of this site was not there. The site may be changing just now.",
    refused: "This site answered, but did not give a file: access is refused, or its server has a fault.",
    damaged:
      "A file arrived that is not as it was published: a Wi-Fi sign-in page, a filter or a fault of this site.",
    outdated: "An old copy of a file arrived.",
    key_window: "A file was signed at a time for which its key is not valid.",
    key_cut_off: "A file was signed with a key that is no longer trusted.",
    browser:
      "This browser is too old, or this page was not opened over a secure connection. Try another device.",
    page: "This page did not arrive whole.",
  },
  checking: {
    title: "Checking…",
    means: "Your browser fetches the list and checks it. The verification code stays on your device.",
    slow: "Still checking: the connection is slow.",
  },
  notices: {
    reinstated: "It was on hold or withdrawn for a time, and was reinstated.",
    until: "It will be reviewed by {until}.",
    clock: "Your device’s clock says {clock}. If that is wrong, set it and try again.",
    elsewhere: "You are on a copy of this site. {issuer} publishes it at {home}.",
    sample: "This is a sample: nothing here is a real certificate.",
  },
  // Of the public reason codes of SPEC those that say more than the kind itself does.
  reasons: {
    1: "There was an investigation and a decision.",
    5: "It was not approved for issue.",
  },
  checked: "As published by {issuer} on {checked}; next by {due}.",
  name: "Awarded to",
  // In the order and the words in which they are printed.
  fields: {
    label: "Document",
    title: "Programme",
    level: "Level",
    regulated_number: "Qualification number",
    size: "Size",
    grade: "Grade",
    score: "Score",
    hours: "CPD hours",
    centre: "Centre",
    centre_number: "Centre number",
    sponsor: "Sponsored by",
    instructor: "Instructor",
    completed_on: "Completed",
    issued_on: "Issued",
    expires_on: "Expires",
    accreditation: "Accredited by",
    accreditation_number: "Accreditation number",
    accreditation_statement: "Accreditation",
    signatories: "Signed by",
    issuer: "Issued by",
    serial: "Certificate number",
    replacement: "Replacement",
  },
  never: "never",
  yes: "yes",
  units: { caption: "Units", code: "Unit", title: "Title", grade: "Grade" },
  details: {
    summary: "How this was checked",
    body: "Your browser checked every signature up to the root key of {issuer}.",
    code: "Verification code",
    step: "Deciding step",
    list: "Publication, key manifest",
  },
  buttons: { again: "Try again", take: "Look up this code", successor: "Check the newer certificate" },
  now: "What to do now",
  // Days are written as this country writes them.
  locale: "en-GB",
  instant: "{day}, {time} UTC",
};

/** The text with its places filled; an unknown place stays as it is. @param {string} text @param {Record<string, string | number>} values */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** 26 June 2026; of an instant also the time. @param {string} moment */
export function dated(moment) {
  const day = new Date(moment).toLocaleDateString(WORDS.locale, { dateStyle: "long", timeZone: "UTC" });
  return moment.length > 10 ? filled(WORDS.instant, { day, time: moment.slice(11, 16) }) : day;
}
