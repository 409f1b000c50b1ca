/** Which commands the extension answers: those that package.json names, so that each is there before what it does is loaded. */

export interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

const PREFIX = 'numaPinboard.';
/** Chosen in rows of the side bar alone: not in package.json. */
const OF_ROWS = ['revealFinding', 'openDocument'].map((name) => PREFIX + name);

/** @param others answered elsewhere. */
export const commandsOf = ({ contributes }: Manifest, others: readonly string[]): string[] =>
  [...contributes.commands.map(({ command }) => command), ...OF_ROWS].filter((command) => !others.includes(command));

/** Behind "numaPinboard.". */
export const nameOf = (command: string): string => command.slice(PREFIX.length);
