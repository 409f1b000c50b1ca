// What this machine has, for tests that run the real agent on it.
import { existsSync, readFileSync } from 'node:fs';
import { parseCpuList } from '../../src/model/text/cpulist.ts';

const allowed = parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!);
/** CPUs that this process may use: the first and the last of them. */
export const [first = 0] = allowed;
export const last = allowed.at(-1) ?? first;

export const sysNode = '/sys/devices/system/node';
export const nodes = existsSync(`${sysNode}/online`) ? parseCpuList(readFileSync(`${sysNode}/online`, 'utf8')) : [0];
/** The node of the first CPU. */
export const node = nodes.find((one) => parseCpuList(cpusOf(one)).includes(first)) ?? 0;

function cpusOf(one: number): string {
  const path = `${sysNode}/node${one}/cpulist`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}
