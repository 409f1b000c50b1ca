/** Domains of libvirt. */

import { readDomain } from '../../model/plan/import/libvirt.ts';
import { inFile } from './source.ts';
import type { PlanImporter } from './source.ts';

export const libvirt: PlanImporter = {
  title: 'libvirt domains',
  from: '`virsh dumpxml NAME`',
  recognises: ({ root }) => root === 'domain' || root === 'domstatus',
  read: (files, machine) => ({
    blocks: files.map(({ path, text }) => inFile(path, () => readDomain(path, text, machine))),
    reserve: [],
    notes: [],
  }),
};
