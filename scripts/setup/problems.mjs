// Owns what can be told of a value that was thrown: it may be anything.

/**
 * The system's name for what failed ("ENOENT"), "" for what is no such failure.
 * @param {unknown} error
 */
export function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** @param {unknown} error */
export function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}
