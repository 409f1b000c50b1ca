// Owns node_modules: whether it holds what package-lock.json asks for, and `npm ci` where it does not.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares contents, not times: a checkout gives files new times, and `npm ci` would pull the packages from under others.
 * @param {string} root
 */
export function packagesComplete(root) {
  const installed = lockedIn(join(root, 'node_modules', '.package-lock.json'));
  const wanted = lockedIn(join(root, 'package-lock.json'));
  if (installed === null || wanted === null) return false;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    // Optional ones are there only on the platforms they are for.
    // The record alone may be another folder's, where folders share files by links.
    return path === '' || optional || link || (installed[path]?.version === version && existsSync(join(root, path)));
  });
}

/** @type {[string, ...string[]]} */
export const installPackages = ['npm', 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | null}
 */
function lockedIn(file) {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}
