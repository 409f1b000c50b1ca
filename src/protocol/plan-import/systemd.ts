/** Unit files of systemd. */

import { blocksOfUnits } from '../../model/plan/import/systemd.ts';
import { looksLikeUnit, readUnits } from '../../model/plan/import/units.ts';
import type { PlanImporter } from './source.ts';

export const systemd: PlanImporter = {
  title: 'units of systemd',
  from: 'their files and drop-ins, `systemctl cat NAME`',
  recognises: ({ root, text }) => root === null && looksLikeUnit(text),
  read: (files) => blocksOfUnits(files.flatMap(({ path, text }) => readUnits(path, text))),
};
