// `npm run build`: the bundles, and the agent where a C compiler is there; what is up to date is not compiled again. Without a
// compiler it says what is missing and succeeds: reading machines needs no agent.
import { pathToFileURL } from 'node:url';
import { bundle } from '../esbuild.mjs';
import { buildAgent } from './build-agent.mjs';

/** @returns what buildAgent says of the agent. */
export async function build() {
  await bundle();
  return buildAgent({ optional: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { built, why } = await build();
  (built ? console.log : console.error)(built ? why : `The agent was not built. ${why}`);
}
