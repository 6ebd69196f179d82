import { collected } from "./entry.js";
import { Malformed, Unreachable } from "./errors.js";
import { HEAD_PATH, MANIFEST_PATH } from "./layout.js";

/**
 * The published files, read over the network: the one file that calls `fetch`.
 *
 * A path tells the host the year and the bucket, never the number; nothing is sent beside it.
 *
 * @typedef {import("./frame.js").Bytes} Bytes
 */

const PATIENCE = 30_000; // milliseconds; a large shard on a slow telephone line still arrives in time

/**
 * The site of this page, whose head and manifest came with the page itself.
 *
 * @param {Bytes} head
 * @param {Bytes} manifest
 * @returns {import("./published.js").Site}
 */
export function publishedSite(head, manifest) {
  const inlined = new Map([
    [HEAD_PATH, head],
    [MANIFEST_PATH, manifest],
  ]);
  return {
    async read(path, cap, again) {
      const held = again ? undefined : inlined.get(path);
      return held ?? fetched(path, cap, again);
    },
  };
}

/** @param {string} path @param {number} cap @param {boolean} again */
async function fetched(path, cap, again) {
  let response;
  try {
    response = await fetch(path, {
      cache: again ? "reload" : "default",
      redirect: "error", // a portal's sign-in page is not our data
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Unreachable("network");
  }
  if (!response.ok || !response.body) throw new Unreachable(response.status < 500 ? "missing" : "network");
  try {
    // One byte more than the cap: the codec then says that the file is too large.
    return await collected(response.body, cap + 1);
  } catch (fault) {
    throw fault instanceof Malformed ? fault : new Unreachable("network");
  }
}
