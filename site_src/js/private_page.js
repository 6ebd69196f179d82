import { decodePin } from "./manifest.js";
import { dataBlock } from "./page.js";
import { linkKeys, openLink } from "./private_link.js";
import { publishedSite } from "./site.js";

/**
 * The learner's private page: opens the file behind a private link. Text is only ever set as text.
 *
 * The secret stays behind # in the address; the host is asked for a file whose name tells it nothing.
 */

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
    const { issuer_id: issuerId } = decodePin(dataBlock("certportal-pin"));
    const keys = await linkKeys(secret, issuerId);
    const data = await publishedSite(NOTHING, NOTHING).read(keys.path, false);
    const { facts, pdf } = await openLink(keys, data);
    const file = /** @type {HTMLAnchorElement} */ (element("file"));
    file.href = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
    file.download = facts.file;
    file.textContent = `Download ${facts.file}`;
    /** @type {HTMLAnchorElement} */ (element("check")).href = `index.html#${facts.number}`;
    show("open", "Keep the file as it is: it can be checked only if nothing changes it.");
  } catch {
    show(
      "closed",
      "Nothing can be opened with this link. It may have been withdrawn, or the network is down.",
    );
  }
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
