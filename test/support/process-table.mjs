// Owns the look into Linux's process table (/proc): who descends from whom, who carries which environment. Elsewhere
// than on Linux nothing is found. Plain JavaScript, because `npm test` needs it before anything is installed.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ids of all living processes that descend from `pid`, nearest first.
 * @param {number} pid
 */
export function descendantsOf(pid) {
  /** @type {Map<number, number[]>} */
  const childrenOf = new Map();
  for (const [child, parent] of parents()) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), child]);
  /** @type {number[]} */
  const found = [];
  for (let level = childrenOf.get(pid) ?? []; level.length > 0;) {
    found.push(...level);
    level = level.flatMap((one) => childrenOf.get(one) ?? []);
  }
  return found;
}

/**
 * Ids of all living processes that were started with `name=value` in their environment, whoever their parent is now.
 * @param {string} name
 * @param {string} value
 */
export function processesWith(name, value) {
  const wanted = `${name}=${value}`;
  return processIds().filter((pid) => read(pid, 'environ').split('\0').includes(wanted));
}

/**
 * The program's name as the kernel has it (at most 15 characters), '' when it is gone.
 * @param {number} pid
 */
export function processName(pid) {
  return read(pid, 'comm').trim();
}

/**
 * Sends a signal to one process (a negative id: to a group); false when it is gone.
 * @param {number} pid
 * @param {NodeJS.Signals | 0} name
 */
export function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/**
 * Sends a signal to a group and to what descends from its leader but left the group.
 * @param {number} leader
 * @param {readonly number[]} family
 * @param {NodeJS.Signals} name
 */
export function signalFamily(leader, family, name) {
  signal(-leader, name);
  for (const pid of family) signal(pid, name);
}

/** @returns {(readonly [child: number, parent: number])[]} */
function parents() {
  return processIds().flatMap((pid) => {
    // The second field is the name in parentheses and may hold anything: read from behind the last one.
    const stat = read(pid, 'stat');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return stat === '' || state === 'Z' ? [] : [/** @type {const} */ ([pid, Number(parent)])];
  });
}

function processIds() {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * @param {number} pid
 * @param {string} file
 */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended between the listing and the reading, or is another user's.
    return '';
  }
}
