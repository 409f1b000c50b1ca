// Takes the place of @vscode/native-watchdog, whose native part would have to be compiled: ends an extension host whose parent
// is gone, so that none is left behind by a server that was killed.
const intervalMs = 1000;

/** @param {number} pid */
exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, intervalMs).unref();
};
/** @param {number} [code] */
exports.exit = (code) => process.exit(code ?? 0);
