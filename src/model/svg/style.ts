/** The look of a drawing that stands alone: light, and dark where the reader's system is. */

/** Literal colours and no variables: readers that are not browsers know none. */
const LIGHT = {
  text: '#3b3b3b',
  dim: '#616161',
  strong: '#1b1b1b',
  board: '#ffffff',
  package: '#f5f8ec',
  core: '#e6e7e4',
  cache: '#fbfbfa',
  cell: '#ffffff',
  line: '#c3c6be',
  node: '#f7eeed',
  link: '#a4a8a0',
  used: '#6b6b6b',
  file: '#a8a8a8',
  huge: '#d4d0d0',
  free: '#ffffff',
  accent: '#ad1457',
  onAccent: '#ffffff',
  loss: '#b3261e',
  gain: '#1b6e3c',
  warning: '#855f00',
};
type Palette = Readonly<typeof LIGHT>;
const DARK: Palette = {
  text: '#cccccc',
  dim: '#9d9d9d',
  strong: '#f2f2f2',
  board: '#1f1f1f',
  package: '#22251f',
  core: '#2b2c2c',
  cache: '#333434',
  cell: '#191919',
  line: '#444745',
  node: '#2c2728',
  link: '#5b5f5c',
  used: '#a3a3a3',
  file: '#6a6a6a',
  huge: '#4c4c4c',
  free: '#191919',
  accent: '#f58fb4',
  onAccent: '#1d0a12',
  loss: '#ff8a80',
  gain: '#73c991',
  warning: '#cca700',
};

function colours(c: Palette): string {
  return `
.board{fill:${c.board}}text{fill:${c.text}}.d{fill:${c.dim}}.s{fill:${c.strong}}
.pkg{fill:${c.package};stroke:${c.line}}.frame,.die{stroke:${c.line}}.rule{stroke:${c.line}}
.core{fill:${c.core}}.cache{fill:${c.cache};stroke:${c.line}}
.cell rect{fill:${c.cell};stroke:${c.line}}.forbidden rect{fill:url(#hatch)}
.forbidden text{stroke:${c.cell}}.hatch-ground{fill:${c.cell}}.hatch-line{stroke:${c.line}}
.node{fill:${c.node};stroke:${c.line}}.occ{stroke:${c.accent}}
.meter{fill:${c.free};stroke:${c.line}}.used{fill:${c.used}}.file{fill:${c.file}}.huge{fill:${c.huge}}.tick{stroke:${c.free}}
.band{stroke:${c.link}}.matrix{fill:${c.cache}}.matrix.on{stroke:${c.accent}}
.tok,.touch-t{fill:${c.accent}}.touch{fill:none;stroke:${c.accent}}.tok-t,.tok-n{fill:${c.onAccent}}.ghost{fill:${c.cell};stroke:${c.text}}
.route,.stem{stroke:${c.accent}}.route.base{stroke:${c.text}}.halo{stroke:${c.board}}
.chip{fill:${c.board};stroke:${c.accent}}.loss{fill:${c.loss}}.gain{fill:${c.gain}}.even{fill:${c.strong}}
.dev,.fold{fill:${c.cache};stroke:${c.link}}.fold-arrow{fill:${c.dim}}.iso{fill:${c.strong}}
.barred{fill:url(#hatch)}.barred~text{stroke:${c.cell}}
.badge{stroke:${c.warning}}.warn{fill:${c.warning}}`;
}

const SHAPES = `
text{font:11px system-ui,'Segoe UI',Ubuntu,'DejaVu Sans',sans-serif;font-variant-numeric:tabular-nums}
.t10{font-size:10px}.t13{font-size:13px}.t16{font-size:16px}.t20{font-size:20px}.s{font-weight:600}.e{text-anchor:end}.m{text-anchor:middle}
.frame,.die,.rule,.badge,.band,.route,.halo,.stem{fill:none}.frame{stroke-dasharray:4 3}.offline rect{fill:none;stroke-dasharray:1 2}
.forbidden text,.barred~text{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}.made{stroke-dasharray:4 3}.hatch-line{stroke-width:2}.occ{stroke-width:2}
.unknown{stroke-dasharray:2 4}.route{stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}.stem{stroke-width:1.5}
.halo{stroke-width:6;stroke-opacity:.85}.route.plan{stroke-dasharray:5 5}.route.base{stroke-width:1.5}
.route.mem{stroke-width:1.5;stroke-dasharray:.1 4}.chip,.ghost,.touch{stroke-width:1.5}.touch{stroke-dasharray:3 2}.matrix.on{stroke-width:2}
.tok-t{font-weight:700}`;

export const STYLE = `${SHAPES}${colours(LIGHT)}
@media (prefers-color-scheme:dark){${colours(DARK)}
}
`;
