/** The walls between the rooms of src/ (docs/ARCHITECTURE.md): one table for the linter and for the test of the bundles. */

/**
 * What a room may import beside its own files. A package is named in full, or by its beginning and a `*`; `node` stands for
 * Node's own modules.
 * @typedef {{ rooms: string[], packages: string[], node: boolean }} Wall
 */

/** @type {Record<string, Wall>} */
export const WALLS = {
  model: { rooms: [], packages: ['d3-array', 'd3-scale', 'saxes'], node: false },
  protocol: { rooms: ['model'], packages: ['valibot', 'yaml'], node: false },
  remote: {
    rooms: ['model', 'protocol'],
    packages: ['ssh2', 'ssh-config', 'valibot', 'tar-stream', 'unbzip2-stream', 'xz-decompress', 'yauzl'],
    node: true,
  },
  webview: { rooms: ['model', 'protocol'], packages: ['d3-*', 'valibot', '@vscode-elements/elements'], node: false },
  viewer: { rooms: ['model', 'protocol'], packages: ['vscode'], node: false },
  extension: { rooms: ['model', 'protocol', 'remote', 'viewer'], packages: ['vscode', 'valibot'], node: true },
  cli: { rooms: ['model', 'protocol', 'remote'], packages: ['commander', 'ws', 'open'], node: true },
};

/**
 * @param {Wall} wall
 * @param {string} name of a package
 */
export const lets = ({ packages }, name) =>
  packages.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
