/** What the view of help shows: a line for each thing to read or do, of those that there are. */

import type { Row } from './rows.ts';

interface Help {
  readonly label: string;
  readonly icon: string;
  readonly tooltip: string;
  /** Without the beginning that all commands of ours have, where it is one of ours. */
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

const HELP: readonly Help[] = [
  {
    label: 'Get Started',
    icon: 'rocket',
    tooltip: 'A machine on the board, a run, and a page of it, step by step',
    command: 'numaPinboard.openWalkthrough',
  },
  {
    label: 'Guide',
    icon: 'book',
    tooltip: 'What the board, its views and commands do',
    command: 'numaPinboard.openDocument',
    arguments: ['readme.md'],
  },
  {
    label: 'What the Numbers Mean',
    icon: 'symbol-numeric',
    tooltip: 'Each measure: where it is read, what it counts, and why it may be unavailable',
    command: 'numaPinboard.openDocument',
    arguments: ['docs/MEASURES.md'],
  },
  {
    label: 'Settings',
    icon: 'settings-gear',
    tooltip: 'The settings of NUMA Pinboard',
    command: 'workbench.action.openSettings',
    arguments: ['@ext:numa-pinboard.numa-pinboard'],
  },
  {
    label: 'Keyboard Shortcuts',
    icon: 'keyboard',
    tooltip: 'The commands of NUMA Pinboard, and their keys',
    command: 'workbench.action.openGlobalKeybindings',
    arguments: ['numaPinboard'],
  },
  {
    label: 'Report an Issue',
    icon: 'report',
    tooltip: 'Opens a report with what it takes to understand it, and nothing secret',
    command: 'numaPinboard.reportIssue',
  },
  {
    label: 'Show Log',
    icon: 'output',
    tooltip: 'What was connected to, measured and refused, and why',
    command: 'numaPinboard.showLog',
  },
];

/** @param commands of ours that there are. */
export function helpRows(commands: readonly string[]): Row[] {
  const known = (name: string): boolean => !name.startsWith('numaPinboard.') || commands.includes(name);
  return HELP.filter(({ command }) => known(command)).map(
    ({ label, icon, tooltip, command, arguments: words = [] }) => ({
      id: `help:${label}`,
      label,
      description: '',
      tooltip,
      icon,
      context: 'help',
      command: { name: command, title: label, arguments: words },
    }),
  );
}
