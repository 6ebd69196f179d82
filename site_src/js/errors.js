/** What may go wrong below the page: a codec's refusal, and a browser that cannot do the work. */

/** Bytes or values that are not of the format they claim to be. */
export class Malformed extends Error {}

/** This browser lacks something that the check needs (a secure connection among it). */
export class Unsupported extends Error {}
