#!/usr/bin/env node
// Stands in for the `code` executable where no desktop VS Code can be fetched: what @vscode/test-electron is given as
// `vscodeExecutablePath`. Takes the same switches, ends with the same exit codes. Needs Node 24, which reads TypeScript.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`code.mjs needs Node 24 first on PATH, this is ${process.version}`);
  process.exit(2);
}
const { main } = await import('./stand-in.ts');
process.exit(await main(process.argv.slice(2)));
