// What the tests call of the page's own rooms; joined with them into one script by tests/browser/portal.py.
import { decodeBucket } from "./bucket.js";
import { decodeManifest, decodePin, verifiedManifest } from "./manifest.js";
import { derive } from "./derivation.js";
import { unsealEntry } from "./entry.js";
import { Malformed, Unreachable } from "./errors.js";
import { checkedPublic, isSigned } from "./ed25519.js";
import { decodeEnvelope, pae, verifiedPayload } from "./envelope.js";
import { hex, unhex } from "./frame.js";
import { decodeHead, splitHead } from "./head.js";
import { bucketPath, shardPath } from "./layout.js";
import { grouped, readNumber } from "./number.js";
import { decodeFrame, decodeGrave } from "./record.js";
import { decodeStatement } from "./statement.js";
import { decodeShard, splitShard, unsealException } from "./status.js";
import { decodeJson } from "./strict_json.js";
import { tellingOf } from "./telling.js";
import { laterDay, monthsAfter } from "./value.js";
import { verdictOf } from "./verdict.js";
import { verify } from "./verifying.js";
import { dated } from "./words.js";

globalThis.rooms = {
  decodeBucket, decodeManifest, decodePin, verifiedManifest, derive, unsealEntry, checkedPublic, isSigned,
  decodeEnvelope, pae, verifiedPayload, hex, unhex, decodeHead, splitHead, bucketPath, shardPath, grouped, readNumber,
  Unreachable, decodeFrame, decodeGrave, decodeStatement, decodeShard, splitShard, unsealException, decodeJson,
  tellingOf, verdictOf, verify, dated, Malformed, laterDay, monthsAfter,
};
