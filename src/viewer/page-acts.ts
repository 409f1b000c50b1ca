/** Commands that do on a page what a key does there, by the part of their id behind "numaPinboard.". */

import type { PlainAct } from '../protocol/acts.ts';

export const PAGE_ACTS: Readonly<Record<string, PlainAct>> = {
  undoMove: 'undo',
  swapEnds: 'swap',
  clearBoard: 'clear',
  nextPageSize: 'setting',
  setBaseline: 'baseline',
  swapCompared: 'swapCompared',
  endComparison: 'endComparison',
  chooseMeasure: 'measures',
  followProcess: 'process',
  movePagesBack: 'pagesBack',
  undoHugePages: 'poolsBack',
  pause: 'pause',
  earlierSample: 'earlier',
  laterSample: 'later',
  momentA: 'momentA',
  momentB: 'momentB',
  toggleTable: 'table',
  toggleMatrix: 'matrix',
  toggleVictims: 'victims',
  toggleDevices: 'devices',
  toggleNumbers: 'numbers',
  showWarnings: 'warnings',
  showKeys: 'keys',
  find: 'find',
  zoomIn: 'zoomIn',
  zoomOut: 'zoomOut',
  fit: 'fit',
  zoomToNode: 'zoomToNode',
};
