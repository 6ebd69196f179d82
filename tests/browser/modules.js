// What the tests call of the page's own modules; joined with them into one script by tests/browser/portal.py.
import { decodeBucket } from "./bucket.js";
import { derive } from "./derivation.js";
import { checkedPublic, isSigned } from "./ed25519.js";
import { unsealEntry } from "./entry.js";
import { decodeEnvelope, pae, verifiedPayload } from "./envelope.js";
import { Malformed, Unreachable } from "./errors.js";
import { hex, unhex } from "./frame.js";
import { decodeHead, splitHead } from "./head.js";
import { decodeManifest, decodePin, verifiedManifest } from "./manifest.js";
import { bucketPath, shardPath } from "./paths.js";
import { decodeErased, decodeFrame } from "./record.js";
import { decodeStatement } from "./statement.js";
import { decodeShard, splitShard, unsealException } from "./status.js";
import { decodeJson } from "./strict_json.js";
import { laterDay, monthsAfter } from "./value.js";
import { verdictOf } from "./verdict.js";
import { verdictText } from "./verdict_text.js";
import { grouped, readCode } from "./verification_code.js";
import { verify } from "./verifying.js";
import { dated } from "./words.js";

globalThis.modules = {
  decodeBucket,
  decodeManifest,
  decodePin,
  verifiedManifest,
  derive,
  unsealEntry,
  checkedPublic,
  isSigned,
  decodeEnvelope,
  pae,
  verifiedPayload,
  hex,
  unhex,
  decodeHead,
  splitHead,
  bucketPath,
  shardPath,
  grouped,
  readCode,
  Unreachable,
  decodeFrame,
  decodeErased,
  decodeStatement,
  decodeShard,
  splitShard,
  unsealException,
  decodeJson,
  verdictText,
  verdictOf,
  verify,
  dated,
  Malformed,
  laterDay,
  monthsAfter,
};
