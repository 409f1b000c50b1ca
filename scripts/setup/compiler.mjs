// Owns whether `npm start` installs the C compiler that the agent is built with, or leaves the system as it is.

/** As the first word after `npm start --`; not passed on to the command line. */
export const NO_INSTALL = '--no-install';

/**
 * @param {object} facts
 * @param {boolean} facts.compilerMissing
 * @param {readonly string[]} facts.args what was given after `npm start --`
 * @param {string | undefined} facts.ci the variable CI, which every CI service sets
 * @param {() => boolean} facts.mayInstall by apt, without asking anybody; called last, for sudo may report who tries
 */
export function installsCompiler({ compilerMissing, args, ci, mayInstall }) {
  const inCi = ci !== undefined && !['', '0', 'false'].includes(ci);
  return compilerMissing && !inCi && args[0] !== NO_INSTALL && mayInstall();
}
