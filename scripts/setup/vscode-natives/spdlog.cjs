// Takes the place of @vscode/spdlog, whose native part would have to be compiled: a plain logger into the same files, without
// which VS Code prints a stack trace for every log it opens.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  constructor(_kind, _name, file) {
    this.file = file;
    this.level = 2;
    this.raw = false;
  }
  getLevel() {
    return this.level;
  }
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

for (const [level, name] of levels.entries()) {
  Logger.prototype[name] = function (message) {
    if (level < this.level) return;
    const line = this.raw ? message : `${new Date().toISOString()} [${name}] ${message}\n`;
    try {
      appendFileSync(this.file, line);
    } catch {
      // The folder was removed at the end of a run, while its last words were still on their way.
    }
  };
}

async function create(name, file) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger('rotating', name, file);
}

exports.version = 0;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
