/** What a kubelet keeps in its folder: its configuration, and what its managers have given away. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeletFiles } from '../../model/admission/state.ts';
import { PinboardError } from '../../model/problem.ts';
import { readConfiguration, readCpuState, readMemoryState } from '../../protocol/kubelet.ts';
import { readYaml } from '../../protocol/yaml.ts';
import { readWhole } from '../store/files.ts';

/** Above any kubelet's file. */
export const MAX_KUBELET_BYTES = 4 * 2 ** 20;

export const KUBELET_FILES = ['config.yaml', 'cpu_manager_state', 'memory_manager_state'] as const;

const HINT =
  'Copy config.yaml, cpu_manager_state and memory_manager_state out of /var/lib/kubelet of the node, and name that folder.';

/** Which of them are not there: without its state nothing was given away yet. */
export type KubeletRead = Omit<KubeletFiles, 'devices'> & { readonly missing: readonly string[] };

/**
 * @param texts by name, of those that are there; @param place where they are, in words; @param folder their path.
 * @throws PinboardError `bad-file` where there is no configuration, or a file is none.
 */
export function kubeletFrom(texts: ReadonlyMap<string, string>, place: string, folder: string): KubeletRead {
  const read = <T>(name: (typeof KUBELET_FILES)[number], as: (value: unknown) => T): T | null => {
    const text = texts.get(name);
    return text === undefined ? null : readYaml(join(folder, name), text, as);
  };
  const configuration = read('config.yaml', readConfiguration);
  if (!configuration)
    throw new PinboardError(
      'bad-file',
      `There is no config.yaml in ${place}.`,
      `A kubelet may have it elsewhere (--config, or k3s in /var/lib/rancher/k3s/agent/etc/kubelet.conf.d). ${HINT}`,
    );
  return {
    configuration,
    cpus: read('cpu_manager_state', readCpuState),
    memory: read('memory_manager_state', readMemoryState),
    missing: KUBELET_FILES.filter((name) => !texts.has(name)),
  };
}

/** A copy of the folder. @throws as `kubeletFrom`. */
export async function readKubelet(folder: string): Promise<KubeletRead> {
  const texts = new Map<string, string>();
  for (const name of KUBELET_FILES) {
    const path = join(folder, name);
    if (existsSync(path)) texts.set(name, await readWhole(path, MAX_KUBELET_BYTES, `a kubelet's ${name}`, HINT));
  }
  return kubeletFrom(texts, folder, folder);
}
