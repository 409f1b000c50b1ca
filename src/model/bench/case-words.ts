/** A case in the words of the agent's command line. */

/** As the agent takes it: `key=value,…`. */
export function caseWords(one: Readonly<Record<string, string | number>>): string {
  return Object.entries(one)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
