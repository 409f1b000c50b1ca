// Owns the hosts that several files of the lab test, one after the other. Each leaves its host as it found it.
import { recommendHugePages } from '../../src/model/recommend/hugepages/recommend.ts';
import { planHugePages } from '../../src/model/hugepages/plan.ts';
import { readPools } from '../../src/model/hugepages/pools.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { bootLab, type LabHost } from '../support/lab.ts';
import { shared, type Shared } from '../support/shared.ts';
import { syntheticProbe } from '../unit/machines.ts';

/** Huge pages of 2 MiB that a host of four sockets has on its last node from boot on, by the command line that the product names. */
export const AT_BOOT = { node: 3, pages: 4 };
/** On that host: how many each node had when it came up. They were given back then. */
export const atBootFile = '/run/huge-pages-at-boot';

export const sharedLab = (shape: '4s'): Shared<LabHost> =>
  shared(
    `lab ${shape}`,
    async () => {
      const lab = await bootLab(shape, kernelLine().split(' '));
      const pools = '/sys/devices/system/node/node?/hugepages/hugepages-2048kB/nr_hugepages';
      await lab.ask('root', `cat ${pools} >${atBootFile}; for pool in ${pools}; do echo 0 >$pool; done`);
      // Where there is one, each command asks it beside its own reading, which costs an emulator a third of the command: topology.test.ts.
      await lab.ask('root', 'rm "$(command -v lstopo-no-graphics)"');
      return lab;
    },
    (lab) => lab.stop(),
  );

/** What `hugepages plan --format kernel` gives for so many pages on the last node of four. */
function kernelLine(): string {
  const files = syntheticProbe({ packages: 4, coresPerNode: 2 });
  const state = readPools(files, readTopology(files, { name: 'paper' }));
  const plan = planHugePages(state, { node: AT_BOOT.node, sizeBytes: 2 * 1024 * 1024, pages: AT_BOOT.pages });
  return recommendHugePages(state, plan).find(({ tool }) => tool === 'kernel')?.text ?? '';
}
