/** `topology`: the machine as a tree, JSON, SVG or lstopo XML. */

import type { Command } from 'commander';
import { writeLstopoXml } from '../../model/formats/lstopo/write.ts';
import { topologySvg } from '../../model/svg/topology-svg.ts';
import { topologyTree } from '../../model/topology/text.ts';
import { print, printJson } from '../output.ts';
import { formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  format: 'tree' | 'json' | 'svg' | 'xml';
}

export function addTopology(program: Command, signal: AbortSignal): void {
  const command = program
    .command('topology')
    .description('print the machine: sockets, NUMA nodes, caches, cores, PUs, distances')
    .addOption(formatOption(['tree', 'json', 'svg', 'xml']));
  withWhere(command).action(async (options: Options) => {
    await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      if (options.format === 'json') printJson(topology);
      else if (options.format === 'svg') print(topologySvg(topology, { devices: true }));
      else if (options.format === 'xml') print(writeLstopoXml(topology));
      else print(topologyTree(topology));
    });
  });
}
