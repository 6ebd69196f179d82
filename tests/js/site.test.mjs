import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { portal } from "./published.mjs";

const [head, manifest, fetched] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
const site = portal.publishedSite(head, manifest);
const realFetch = globalThis.fetch;
let requests = [];

function answers(response) {
  requests = [];
  globalThis.fetch = async (...asked) => {
    requests.push(asked);
    return response();
  };
}

test("head and manifest came with the page, and are fetched only when asked for again", async () => {
  answers(() => new Response(fetched));
  assert.equal(await site.read("head.json", false), head);
  assert.equal(await site.read("manifest.json", false), manifest);
  assert.deepEqual(requests, []);
  assert.deepEqual(await site.read("head.json", true), fetched);
  const [[path, { cache, redirect, signal }]] = requests;
  assert.deepEqual(
    [path, cache, redirect, signal instanceof AbortSignal],
    ["head.json", "reload", "error", true],
  );
});

test("a path is asked for as it stands, and nothing else is sent", async () => {
  answers(() => new Response(fetched));
  await site.read("s/2026/2/000000.bin", false);
  const [[path, { signal, ...options }]] = requests;
  assert.deepEqual([path, options], ["s/2026/2/000000.bin", { cache: "default", redirect: "error" }]);
});

for (const [name, response, reason] of [
  ["404", () => new Response("gone", { status: 404 }), "missing"],
  ["410", () => new Response("gone", { status: 410 }), "missing"],
  ["403", () => new Response("no", { status: 403 }), "refused"],
  ["500", () => new Response("oops", { status: 500 }), "refused"],
  ["503", () => new Response("busy", { status: 503 }), "refused"],
  ["no network", () => Promise.reject(new TypeError("Failed to fetch")), "network"],
  [
    "a body that breaks off",
    () => new Response(new ReadableStream({ pull: (body) => body.error(new Error()) })),
    "network",
  ],
]) {
  test(`${name} is unreachable: ${reason}`, async () => {
    answers(response);
    const fault = await site.read("r/2026/2/c0/c00000.bin", false).catch((error) => error);
    assert.ok(fault instanceof portal.Unreachable && !(fault instanceof portal.Malformed));
    assert.equal(fault.reason, reason);
  });
}

test("a body without an end is cut, and is damaged", async () => {
  let pulls = 0;
  const piece = new Uint8Array(1_000_000);
  const endless = () =>
    new ReadableStream({
      pull(body) {
        pulls += 1;
        body.enqueue(piece);
      },
    });
  answers(() => new Response(endless()));
  const fault = await site.read("s/2026/2/000000.bin", false).catch((error) => error);
  assert.ok(fault instanceof portal.Unreachable);
  assert.equal(fault.reason, "damaged");
  assert.ok(pulls < 12, `${pulls} pieces of a megabyte`);
});

test("a body in pieces arrives whole, and an empty one is empty", async () => {
  const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  const inPieces = new ReadableStream({
    pull(body) {
      if (pieces.length) body.enqueue(pieces.shift());
      else body.close();
    },
  });
  answers(() => new Response(inPieces));
  assert.deepEqual(await site.read("a", false), Uint8Array.of(1, 2, 3));
  answers(() => new Response(null));
  assert.deepEqual(await site.read("a", false), new Uint8Array());
});

for (const manner of ["never answers", "drips"]) {
  test(`a host that ${manner} is given up for the whole question`, async () => {
    const drops = [];
    const server = createServer((_, answer) => {
      if (manner === "drips") {
        answer.writeHead(200);
        drops.push(setInterval(() => answer.write("x"), 5));
      }
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    const origin = `http://127.0.0.1:${server.address().port}/`;
    globalThis.fetch = (path, options) => realFetch(origin + path, options);
    try {
      const slow = portal.publishedSite(head, manifest, 100);
      // The second file of a question gets no time of its own.
      for (const path of ["s/2026/2/000000.bin", "r/2026/2/c0/c00000.bin"]) {
        const fault = await slow.read(path, false).catch((error) => error);
        assert.ok(fault instanceof portal.Unreachable);
        assert.equal(fault.reason, "network");
      }
    } finally {
      drops.forEach(clearInterval);
      server.closeAllConnections();
      server.close();
    }
  });
}
