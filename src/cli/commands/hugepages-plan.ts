/** `hugepages plan`: what it takes to have so many pages free on a node, and what to paste to have them from boot on. */

import type { Command } from 'commander';
import { planHugePages } from '../../model/hugepages/plan.ts';
import { hugePagesJson } from '../../model/hugepages/text.ts';
import { fallbackWords, planSentences } from '../../model/hugepages/words.ts';
import { HUGEPAGES_TOOLS, recommendHugePages } from '../../model/recommend/hugepages/recommend.ts';
import type { HugePagesTool } from '../../model/recommend/hugepages/wanted.ts';
import { pasteBlock } from '../../model/recommend/text.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { readHugePages } from '../../remote/hugepages/read.ts';
import { withAmount, wishOf } from '../hugepages.ts';
import type { PoolOptions } from '../hugepages.ts';
import { print, printJson, say } from '../output.ts';
import { formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';

interface Options extends PoolOptions {
  recommend?: boolean;
  format: 'text' | 'json' | HugePagesTool;
}

export function addHugePagesPlan(group: Command, signal: AbortSignal): void {
  const command = withAmount(
    group.command('plan').description('what is needed, free and missing on a node, and the commands; changes nothing'),
    'what is to be free',
  )
    .option(
      '--recommend',
      'also print what to paste: a systemd unit, the kernel command line, fstab, Kubernetes, libvirt, malloc',
    )
    .addOption(formatOption(['text', 'json', ...HUGEPAGES_TOOLS]));
  withWhere(command).action(async (options: Options) => {
    await withHost(options, signal, async (host) => {
      const { pools, use, host: name } = await readHugePages(host, signal);
      const plan = planHugePages(pools, wishOf(pools, options));
      const paste = recommendHugePages(pools, plan);
      const one = paste.find(({ tool }) => tool === options.format);
      if (one) {
        print(one.text);
        say(one.note);
        return;
      }
      const sentences = planSentences(pools, plan);
      const unsure = plan.missing > 0 && (isUnavailable(plan.likely) || plan.likely < plan.missing);
      const otherwise = unsure ? fallbackWords(pools, plan) : [];
      if (options.format === 'json') {
        printJson({ ...hugePagesJson(name, pools, use), ...plan, sentences, otherwise, recommend: paste });
        return;
      }
      print(
        [
          ...sentences,
          ...plan.commands.flatMap((line) => [
            'To reserve them, as root there (or: numa-pinboard hugepages reserve):',
            `  ${line}`,
          ]),
          ...plan.undo.flatMap((line) => ['To put back what is there now:', `  ${line}`]),
          ...(otherwise.length === 0 ? [] : ['If they cannot be had:', ...otherwise.map((words) => `  ${words}`)]),
          ...(options.recommend ? ['', 'Ready to paste', ...paste.flatMap(pasteBlock)] : []),
        ].join('\n'),
      );
    });
  });
}
