/** What lstopo printed on a terminal, kept in a file. */

import { basename } from 'node:path';
import { looksLikeConsole, readConsole } from '../../../model/formats/lstopo/console.ts';
import { hostFromTopology } from '../dump-host.ts';
import { readText } from './importer.ts';
import type { Importer } from './importer.ts';

const withoutMark = (text: string): string => text.replace(/^\ufeff/, '');

export const lstopoConsoleImporter: Importer = {
  format: '`lstopo --of console`',
  recognises: ({ text, rootElement }) => rootElement === null && looksLikeConsole(withoutMark(text)),
  open: async (path, start) =>
    hostFromTopology(readConsole(withoutMark(await readText(path, start)), basename(path).replace(/\.\w+$/, ''))),
};
