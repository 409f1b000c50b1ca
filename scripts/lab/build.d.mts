// The types of build.mjs, for the strictly typed tests that import it.
import type { Image } from './lab.d.mts';

export function ensureImage(architecture: string, say: (words: string) => void): Promise<Image>;
