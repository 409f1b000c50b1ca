/** `plan admit`: whether a Kubernetes node admits a pod, and why not. */

import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { admit } from '../../model/admission/admit.ts';
import { explain } from '../../model/admission/explain.ts';
import type { NodeDevices } from '../../model/admission/node.ts';
import { nodeFrom } from '../../model/admission/state.ts';
import { admissionJson, admissionText } from '../../model/admission/text.ts';
import { PROBLEM_EXIT } from '../../model/problem.ts';
import { listed } from '../../model/text/format.ts';
import { readPod } from '../../protocol/kubelet.ts';
import { readYaml } from '../../protocol/yaml.ts';
import type { Host } from '../../remote/host.ts';
import { MAX_KUBELET_BYTES, readKubelet } from '../../remote/kubelet/files.ts';
import { readKubeletOf } from '../../remote/kubelet/host.ts';
import type { LiveKubelet } from '../../remote/kubelet/host.ts';
import { readWhole } from '../../remote/store/files.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, printJson, say } from '../output.ts';
import { formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

type Devices = Record<string, NodeDevices[]>;

interface Options extends Where {
  kubelet?: string;
  devices?: Devices;
  format: 'text' | 'json';
}

const KUBELET_FOLDER = '/var/lib/kubelet';
const POD_HINT = 'Give the YAML or JSON of a Pod, a Deployment or another workload.';

/** "nvidia.com/gpu=0:2/4,1:4/4": free ones of all, by node; onto those before it. */
function devices(text: string, before: Devices = {}): Devices {
  const [, resource, list = ''] = /^([A-Za-z0-9._/-]{1,253})=(.+)$/.exec(text) ?? [];
  const nodes = list.split(',').map((part) => {
    const [, node, free, total] = /^(\d{1,4}):(\d{1,6})\/(\d{1,6})$/.exec(part) ?? [];
    return node === undefined ? null : { node: Number(node), free: Number(free), total: Number(total) };
  });
  if (resource === undefined || nodes.some((one) => one === null || one.free > one.total))
    throw new InvalidArgumentError('Give NAME=NODE:FREE/ALL,…, such as nvidia.com/gpu=0:2/4,1:4/4.');
  return { ...before, [resource]: nodes.filter((one) => one !== null) };
}

/** As the kubelet of that machine keeps it now; of a machine on paper, a copy. */
async function kubeletOf({ transport }: Host, folder: string | undefined, signal: AbortSignal): Promise<LiveKubelet> {
  if (transport.kind !== 'recorded') return readKubeletOf(transport, folder ?? null, signal);
  const place = folder ?? KUBELET_FOLDER;
  return { ...(await unlessInterrupted(signal, readKubelet(place))), place, overriding: [] };
}

export function addPlanAdmit(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('admit')
    .description(
      'would a Kubernetes node admit a pod, and why not (TopologyAffinityError and its kind); exit with status 1 if it is refused',
    )
    .argument('<pod>', 'the pod, or a workload that holds it as a template (YAML or JSON)')
    .option(
      '--kubelet <folder>',
      "the kubelet's folder on that machine, and with --from a copy of it here (default: where the kubelet that runs there keeps it)",
    )
    .option(
      '--devices <list>',
      'devices of a plugin, free ones of all by node, such as nvidia.com/gpu=0:2/4,1:4/4; repeatable',
      devices,
    )
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (path: string, options: Options) => {
    const text = await unlessInterrupted(signal, readWhole(path, MAX_KUBELET_BYTES, 'a pod', POD_HINT));
    const pod = readYaml(path, text, readPod);
    await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      const { missing, place, overriding, ...files } = await kubeletOf(host, options.kubelet, signal);
      const node = nodeFrom(topology, { ...files, devices: options.devices ?? {} });
      const admission = admit(node, pod);
      const explanation = explain(node, pod, admission);
      if (missing.length > 0)
        say(`No ${listed(missing)} in ${place}: the node is taken to have given nothing away yet.`);
      if (overriding.length > 0)
        say(`The kubelet runs with ${listed(overriding)}, which goes before its config.yaml and is not read here.`);
      if (options.format === 'json') printJson(admissionJson(node, pod, admission, explanation));
      else print(admissionText(node, pod, explanation));
      if (!admission.admitted) process.exitCode = PROBLEM_EXIT['check-failed'];
    });
  });
}
