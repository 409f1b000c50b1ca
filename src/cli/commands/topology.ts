/** `topology`: the machine as a tree, JSON, SVG or lstopo XML. */

import { Option } from 'commander';
import type { Command } from 'commander';
import { writeLstopoXml } from '../../model/formats/lstopo/write.ts';
import { topologySvg } from '../../model/svg/topology-svg.ts';
import { topologyTree } from '../../model/topology/text.ts';
import { print, printJson } from '../output.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  format: 'tree' | 'json' | 'svg' | 'xml';
}

export function addTopology(program: Command, signal: AbortSignal): void {
  const command = program
    .command('topology')
    .description('print the machine: packages, NUMA nodes, caches, cores, PUs, distances')
    .addOption(
      new Option('--format <format>', 'how to print it').choices(['tree', 'json', 'svg', 'xml']).default('tree'),
    );
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
