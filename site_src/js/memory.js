/**
 * What this browser keeps: per issuer the newest manifest version and publication it has seen, so that an
 * old copy of the site is noticed. Never sent; nothing about certificates or numbers.
 *
 * @typedef {import("./verifying.js").Seen} Seen
 */

/** @param {string} issuerId @returns {Seen} */
export function remembered(issuerId) {
  try {
    const [manifestVersion, sequence] = (localStorage.getItem(place(issuerId)) ?? "").split(" ").map(Number);
    if (Number.isSafeInteger(manifestVersion) && Number.isSafeInteger(sequence)) {
      return { manifestVersion: manifestVersion ?? 0, sequence: sequence ?? 0 };
    }
  } catch {
    // Storage may be switched off; the check works without.
  }
  return { manifestVersion: 0, sequence: 0 };
}

/** @param {string} issuerId @param {Seen} seen */
export function remember(issuerId, { manifestVersion, sequence }) {
  const before = remembered(issuerId);
  const newest = [Math.max(manifestVersion, before.manifestVersion), Math.max(sequence, before.sequence)];
  try {
    localStorage.setItem(place(issuerId), newest.join(" "));
  } catch {
    // As above.
  }
}

/** @param {string} issuerId */
function place(issuerId) {
  return `certportal ${issuerId}`;
}
