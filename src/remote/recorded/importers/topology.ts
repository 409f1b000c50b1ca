/** A topology as `topology --format json` prints it: a machine written or changed by hand, to test with. */

import { PinboardError } from '../../../model/problem.ts';
import { parseTopology } from '../../../protocol/topology.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';

export const topologyImporter: Importer = {
  format: 'a topology (JSON of `topology --format json`)',
  // A run holds a topology too, but names its own schema.
  recognises: ({ text }) =>
    /^\ufeff?\s*\{/.test(text) &&
    /"schema"\s*:\s*"numa-pinboard\/topology\//.test(text) &&
    !/"schema"\s*:\s*"numa-pinboard\/snapshot\//.test(text),
  open: async (path, start) => {
    const text = await readText(path, start);
    try {
      return hostFromTopology(parseTopology(text.replace(/^\ufeff/, '')));
    } catch (error) {
      if (!(error instanceof PinboardError)) throw error;
      throw new PinboardError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
    }
  },
};
