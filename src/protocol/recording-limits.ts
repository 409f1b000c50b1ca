/** Bounds of a recording: what is written stays below what is read again. */

/** Of the file. An hour of 256 busy CPUs, once a second, takes about 3 MB. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** Of what it unpacks to: about three times as much. */
export const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;
/** Eleven days, once a second. */
export const MAX_LINES = 1_000_000;
/** The head holds the topology: 2 MB of 2,048 CPUs. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
export const MAX_MARKS = 10_000;
