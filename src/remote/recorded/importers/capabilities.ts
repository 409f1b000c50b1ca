/** libvirt's capabilities XML, as `virsh capabilities` prints it. */

import { basename } from 'node:path';
import { readCapabilities } from '../../../model/formats/libvirt/read.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';

export const capabilitiesImporter: Importer = {
  format: "libvirt's capabilities XML (`virsh capabilities`)",
  recognises: ({ rootElement }) => rootElement === 'capabilities',
  open: async (path, start) =>
    hostFromTopology(readCapabilities(await readText(path, start), basename(path).replace(/\.xml$/i, ''))),
};
