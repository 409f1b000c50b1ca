// Owns the emulator's control socket (QMP): what a person at the machine could do and the host itself cannot, such as pulling
// the network's plug (`set_link`, `{ name: 'n0', up: false }`) or stopping every CPU (`stop`, `cont`).
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { controlSocket } from './qemu.mjs';

/**
 * Has the emulator carry out one command, and returns its answer. Needs Linux's /proc.
 * @param {number} pid
 * @param {string} command
 * @param {Readonly<Record<string, unknown>>} args
 * @returns {Promise<unknown>}
 */
export async function control(pid, command, args = {}, timeoutMs = 60_000) {
  // By way of the process's folder: the path of a socket may be 107 bytes long, that of a cache folder is longer soon.
  const socket = connect(`/proc/${pid}/cwd/${controlSocket}`);
  const timer = setTimeout(
    () => socket.destroy(new Error(`the emulator did not answer "${command}" in ${timeoutMs} ms`)),
    timeoutMs,
  );
  const failed = new Promise((_, reject) => socket.once('error', reject));
  try {
    return await Promise.race([failed, converse(socket, command, args)]);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/**
 * @param {import('node:net').Socket} socket
 * @param {string} command
 * @param {Readonly<Record<string, unknown>>} args
 * @returns {Promise<unknown>}
 */
async function converse(socket, command, args) {
  /** @type {(execute: string, words: Readonly<Record<string, unknown>>) => boolean} */
  const ask = (execute, words) => socket.write(`${JSON.stringify({ execute, arguments: words })}\n`);
  let negotiated = false;
  for await (const line of createInterface({ input: socket })) {
    const message = JSON.parse(line);
    if (message.QMP) ask('qmp_capabilities', {});
    else if (message.error) throw new Error(`the emulator refused "${command}": ${message.error.desc}`);
    else if (message.return !== undefined) {
      if (negotiated) return message.return;
      negotiated = true;
      ask(command, args);
    }
  }
  throw new Error(`the emulator ended before it answered "${command}"`);
}
