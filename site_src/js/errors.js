/** Why the recipe cannot go on: `reason` is a word of the SPEC's closed list. */
export class Unreachable extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Bytes or values that are not of the format they claim to be: of a published file, the site's fault. */
export class Malformed extends Unreachable {
  /** @param {string} [what] for developers; the published script goes without */
  constructor(what) {
    super("damaged");
    this.what = what;
  }
}
