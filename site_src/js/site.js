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
const LARGEST = 8_388_608; // bytes; no published file has more

/**
 * The site of this page, whose head and manifest came with the page itself, for one question: after so many
 * milliseconds nothing more is waited for, however many files were asked for by then.
 *
 * @param {Bytes} head
 * @param {Bytes} manifest
 * @param {number} [timeout]
 * @returns {import("./published_files.js").Site}
 */
export function publishedSite(head, manifest, timeout = TIMEOUT) {
  const signal = AbortSignal.timeout(timeout);
  const inlined = new Map([
    [HEAD_PATH, head],
    [MANIFEST_PATH, manifest],
  ]);
  return {
    async read(path, again) {
      return (!again && inlined.get(path)) || fetched(path, again, signal);
    },
  };
}

/** @param {string} path @param {boolean} again @param {AbortSignal} signal @returns {Promise<Bytes>} */
async function fetched(path, again, signal) {
  let reason = "network";
  try {
    const response = await fetch(path, {
      cache: again ? "reload" : "default",
      redirect: "error", // a portal's sign-in page is not our data
      signal,
    });
    if (response.ok) {
      const body = await received(response);
      if (body) return body;
      reason = "damaged";
    } else reason = [404, 410].includes(response.status) ? "missing" : "refused";
  } catch {
    // No answer, or it broke off.
  }
  throw new Unreachable(reason);
}

/** The whole body; none where it goes on beyond what a published file may have. @param {Response} response */
async function received(response) {
  const reader = response.body?.getReader();
  const pieces = [];
  let size = 0;
  for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
    pieces.push(piece.value);
    size += piece.value.length;
    if (size > LARGEST) {
      void reader?.cancel();
      return undefined;
    }
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}
