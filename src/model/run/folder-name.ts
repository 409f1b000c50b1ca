/** What the folder of an export is called. */

/** `YYYY-MM-DD-HHMM-HOST`, by the time of the machine Pinboard runs on; the host part is safe in a path. */
export function exportFolderName(time: string, host: string): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const safe = host
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 60);
  return `${day}-${two(at.getHours())}${two(at.getMinutes())}-${safe === '' ? 'host' : safe}`;
}
