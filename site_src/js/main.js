import { decodePin } from "./manifest.js";
import { remember, remembered } from "./memory.js";
import { dataBlock, Page } from "./page.js";
import { publishedSite } from "./site.js";
import { verdictOf } from "./verdict.js";
import { checkingText, verdictText } from "./verdict_text.js";
import { verify } from "./verifying.js";

/** The page's start: reads what came with it, then answers what is asked. This and the private page alone read the clock. */

const SLOW = 5_000; // milliseconds until the page says that it is still checking

let newest = 0;
const page = new Page(answer);
page.askFragment();

/** @param {string} typed */
async function answer(typed) {
  newest += 1;
  const question = newest;
  const clock = now();
  page.show(checkingText(false));
  const slowly = setTimeout(() => question === newest && page.show(checkingText(true)), SLOW);
  const verdict = await checked(typed, clock);
  clearTimeout(slowly);
  // Who asked again meanwhile gets only the later answer.
  if (question === newest) page.show(verdictText(verdict, { typed, clock, here: location.origin }));
}

/** @param {string} typed @param {string} clock */
async function checked(typed, clock) {
  try {
    const pin = decodePin(dataBlock("certportal-pin"));
    const site = publishedSite(dataBlock("certportal-head"), dataBlock("certportal-manifest"));
    const verdict = await verify(typed, site, pin, clock, remembered(pin.issuer_id));
    const { manifest, sequence = 0 } = verdict;
    if (manifest) remember(pin.issuer_id, { manifestVersion: manifest.version, sequence });
    return verdict;
  } catch {
    return verdictOf("unreachable", 0, { reason: "page" });
  }
}

/** The device's clock as an instant; a clock beyond the year 9999 counts as its last second. */
function now() {
  const text = new Date().toISOString();
  return text.startsWith("+") ? "9999-12-31T23:59:59Z" : `${text.slice(0, 19)}Z`;
}
