import { decodePin } from "./manifest.js";
import { remembered } from "./memory.js";
import { dataBlock } from "./page.js";
import { linkKeys, openLink } from "./private_link.js";
import { publishedSite } from "./site.js";
import { verdictText } from "./verdict_text.js";
import { verify } from "./verifying.js";

/**
 * The learner's private page: opens the file behind a private link. Text is only ever set as text.
 *
 * The secret stays behind # in the address; the host is asked for a file whose name tells it nothing. What has
 * become of the certificate since is looked up as anybody would, before the file is offered.
 */

const KEEP = "Keep the file as it is: it can be checked only if nothing changes it.";
// Of these there is no file to be passed on; the check says why.
const WITHDRAWN = ["revoked", "suspended", "superseded", "erased", "not_found"];
const NOTHING = new Uint8Array();
const message = element("words");

void opening();
addEventListener("hashchange", () => void opening());

/** Open what the address names, and say in words whether that worked. */
async function opening() {
  const secret = location.hash.slice(1);
  if (!/^[0-9a-f]{32}$/.test(secret)) {
    show("incomplete", "This link is not complete. Open it from the message, whole, or copy all of it.");
    return;
  }
  show("opening", "Opening your certificate…");
  try {
    const pin = decodePin(dataBlock("certportal-pin"));
    const keys = await linkKeys(secret, pin.issuer_id);
    const site = publishedSite(NOTHING, NOTHING);
    const { facts, pdf } = await openLink(keys, await site.read(keys.path, false));
    const { kind, words } = await status(facts.number, pin, site);
    const file = /** @type {HTMLAnchorElement} */ (element("file"));
    file.href = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
    file.download = facts.file;
    file.textContent = `Download ${facts.file}`;
    /** @type {HTMLAnchorElement} */ (element("check")).href = `index.html#${facts.number}`;
    element("download").hidden = WITHDRAWN.includes(kind);
    element("main").dataset.verdict = kind;
    show("open", words);
  } catch {
    show(
      "closed",
      "Nothing can be opened with this link. It may have been withdrawn, or the network is down.",
    );
  }
}

/**
 * What the site says of the certificate now, as the verify page would.
 *
 * @param {string} number
 * @param {import("./keyring.js").Pin} pin
 * @param {import("./published_files.js").Site} site
 */
async function status(number, pin, site) {
  const clock = `${new Date().toISOString().slice(0, 19)}Z`;
  // This page brings no head and no manifest with it: both are read, and anew.
  const fresh = { read: (/** @type {string} */ path) => site.read(path, true) };
  const verdict = await verify(number, fresh, pin, clock, remembered(pin.issuer_id));
  const { kind, title, means } = verdictText(verdict, { typed: number, clock, here: location.origin });
  return { kind, words: kind === "valid" ? KEEP : [`${title}.`, ...means].join(" ").trim() };
}

/** @param {string} state @param {string} text */
function show(state, text) {
  element("main").dataset.link = state;
  message.textContent = text;
  element("links").hidden = state !== "open";
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}
