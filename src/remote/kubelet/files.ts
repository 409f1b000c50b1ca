/** A kubelet's folder, or a copy of it: its configuration, and what its managers keep. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeletFiles } from '../../model/admission/state.ts';
import { PinboardError } from '../../model/problem.ts';
import { readConfiguration, readCpuState, readMemoryState } from '../../protocol/kubelet.ts';
import { readYaml } from '../../protocol/yaml.ts';
import { readWhole } from '../store/files.ts';

/** Above any kubelet's file. */
export const MAX_KUBELET_BYTES = 4 * 2 ** 20;

const HINT =
  'Copy config.yaml, cpu_manager_state and memory_manager_state out of /var/lib/kubelet of the node, and name that folder.';

/**
 * @returns what the files say, and which of them are not there: without its state nothing was given away yet.
 * @throws PinboardError `bad-file` where there is no configuration, or a file is none.
 */
export async function readKubelet(
  folder: string,
): Promise<Omit<KubeletFiles, 'devices'> & { readonly missing: readonly string[] }> {
  const missing: string[] = [];
  const read = async <T>(name: string, as: (value: unknown) => T): Promise<T | null> => {
    const path = join(folder, name);
    if (!existsSync(path)) {
      missing.push(name);
      return null;
    }
    return readYaml(path, await readWhole(path, MAX_KUBELET_BYTES, `a kubelet's ${name}`, HINT), as);
  };
  const configuration = await read('config.yaml', readConfiguration);
  if (!configuration) throw new PinboardError('bad-file', `There is no config.yaml in ${folder}.`, HINT);
  const cpus = await read('cpu_manager_state', readCpuState);
  const memory = await read('memory_manager_state', readMemoryState);
  return { configuration, cpus, memory, missing };
}
