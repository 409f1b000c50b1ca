// Takes the place of @vscode/spdlog, whose native part would have to be compiled: a plain logger into the same files, without
// which VS Code prints a stack trace for every log it opens.
const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  /**
   * @param {string} _kind
   * @param {string} _name
   * @param {string} file
   */
  constructor(_kind, _name, file) {
    this.file = file;
    this.level = 2;
    this.raw = false;
    for (const [level, name] of levels.entries())
      Object.defineProperty(this, name, { value: (/** @type {string} */ message) => this.write(level, message) });
  }
  /**
   * @param {number} level
   * @param {string} message
   */
  write(level, message) {
    if (level < this.level) return;
    const line = this.raw ? message : `${new Date().toISOString()} [${levels[level]}] ${message}\n`;
    try {
      fs.appendFileSync(this.file, line);
    } catch {
      // The folder was removed at the end of a run, while its last words were still on their way.
    }
  }
  getLevel() {
    return this.level;
  }
  /** @param {number} level */
  setLevel(level) {
    this.level = level;
  }
  // Without formatters a line is written as it comes: VS Code asks for that where lines carry their own time.
  clearFormatters() {
    this.raw = true;
  }
  setPattern() {}
  flush() {}
  drop() {}
}

/**
 * @param {string} name
 * @param {string} file
 */
function create(name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return Promise.resolve(new Logger('rotating', name, file));
}

exports.version = 0;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
