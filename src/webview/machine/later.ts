/**
 * What of the machine is loaded after the first frame: what moves the picture, and what is drawn once tokens are placed or threads are
 * shown.
 */

export { resultChip } from '../../model/svg/chip.ts';
export { endMarks } from '../../model/svg/ends.ts';
export { trailsAfter } from '../../model/live/trails.ts';
export { chipLink, runMarks } from '../../model/svg/run-marks.ts';
export { threadMarks } from '../../model/svg/threads.ts';
export { trailMarks } from '../../model/svg/trails.ts';
export { Minimap } from './minimap.ts';
export { createZooming } from './zooming.ts';
