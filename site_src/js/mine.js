import { decodePin } from "./manifest.js";
import { dataBlock } from "./page.js";
import { derivedLink, openedLink } from "./private_link.js";
import { publishedSite } from "./site.js";

/**
 * The learner's own page: opens the file behind a private link. Text is only ever set as text.
 *
 * The secret stays behind # in the address; the host is asked for a file whose name tells it nothing.
 */

const NOTHING = new Uint8Array();
const words = found("words");

void opening();
addEventListener("hashchange", () => void opening());

/** Open what the address names, and say in words what came of it. */
async function opening() {
  const secret = location.hash.slice(1);
  if (!/^[0-9a-f]{32}$/.test(secret)) {
    say("incomplete", "This link is not complete. Open it from the message, whole, or copy all of it.");
    return;
  }
  say("opening", "Opening your certificate…");
  try {
    const { issuer_id: issuerId } = /** @type {any} */ (decodePin(dataBlock("certportal-pin")));
    const derived = await derivedLink(secret, issuerId);
    const data = await publishedSite(NOTHING, NOTHING).read(derived.path, false);
    const { facts, pdf } = await openedLink(derived, data);
    const file = /** @type {HTMLAnchorElement} */ (found("file"));
    file.href = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
    file.download = facts.file;
    file.textContent = `Download ${facts.file}`;
    /** @type {HTMLAnchorElement} */ (found("check")).href = `index.html#${facts.number}`;
    say("open", "Keep the file as it is: it proves itself only unchanged.");
  } catch {
    say("closed", "Nothing can be opened with this link. It may have been withdrawn, or the network is down.");
  }
}

/** @param {string} state @param {string} text */
function say(state, text) {
  found("main").dataset["link"] = state;
  words.textContent = text;
  found("ways").hidden = state !== "open";
}

/** @param {string} id */
function found(id) {
  const part = document.getElementById(id);
  if (!part) throw new Error(`the page has no ${id}`);
  return part;
}
