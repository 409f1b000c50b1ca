/** Opens the page where a person sits in front of a screen. */

import open from 'open';

/** Whether this session has a screen: always on macOS and Windows, on Linux with a display server, never over SSH. */
function hasScreen(): boolean {
  if (process.env['SSH_CONNECTION'] !== undefined) return false;
  if (process.platform !== 'linux') return true;
  return process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
}

/** True when a browser was started. */
export async function openBrowser(address: string): Promise<boolean> {
  if (!hasScreen()) return false;
  try {
    const child = await open(address);
    return await new Promise((resolve) => {
      child.once('error', () => resolve(false));
      child.once('spawn', () => resolve(true));
    });
  } catch {
    return false;
  }
}
