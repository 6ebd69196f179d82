/**
 * What this browser keeps: per issuer the newest manifest version and publication it has seen, so that an
 * old copy of the site is noticed. Never sent; nothing about certificates or verification codes.
 *
 * @typedef {import("./verifying.js").Seen} Seen
 */

/** @param {string} issuerId @returns {Seen} */
export function remembered(issuerId) {
  const [manifestVersion = 0, sequence = 0] = (stored(issuerId) ?? "")
    .split(" ")
    .map((word) => Number.parseInt(word, 10) || 0);
  return { manifestVersion, sequence };
}

/** Storage may be switched off; the check works without. @param {string} issuerId @param {Seen} seen */
export function remember(issuerId, { manifestVersion, sequence }) {
  stored(issuerId, `${manifestVersion} ${sequence}`);
}

/** What is kept, after keeping `text` if there is one. @param {string} issuerId @param {string} [text] */
function stored(issuerId, text) {
  const place = `certportal ${issuerId}`;
  try {
    if (text) localStorage.setItem(place, text);
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}
