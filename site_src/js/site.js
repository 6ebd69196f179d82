import { Unreachable } from "./errors.js";
import { HEAD_PATH, MANIFEST_PATH } from "./paths.js";

/**
 * The published files, read over the network: the one file that calls `fetch`.
 *
 * A path tells the host the year and the bucket, never the verification code; nothing is sent beside it.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 */

const TIMEOUT = 30_000; // milliseconds; a large shard on a slow telephone line still arrives in time

/**
 * The site of this page, whose head and manifest came with the page itself.
 *
 * @param {Bytes} head
 * @param {Bytes} manifest
 * @returns {import("./published_files.js").Site}
 */
export function publishedSite(head, manifest) {
  const inlined = new Map([
    [HEAD_PATH, head],
    [MANIFEST_PATH, manifest],
  ]);
  return {
    async read(path, again) {
      return (!again && inlined.get(path)) || fetched(path, again);
    },
  };
}

/** @param {string} path @param {boolean} again @returns {Promise<Bytes>} */
async function fetched(path, again) {
  let reason = "network";
  try {
    const response = await fetch(path, {
      cache: again ? "reload" : "default",
      redirect: "error", // a portal's sign-in page is not our data
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    reason = [404, 410].includes(response.status) ? "missing" : "refused";
  } catch {
    // No answer, or it broke off.
  }
  throw new Unreachable(reason);
}
