/** Owns how a time of day is written: as the clock of whoever looks shows it. */

const two = (value: number): string => String(value).padStart(2, '0');

/** "10:31:04" */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** "10:31" */
export const minuteClock = (ms: number): string => clock(ms).slice(0, 5);
