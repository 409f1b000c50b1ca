/**
 * Loaded before every test file: properties are tried on the same inputs in every run, so that what fails here fails anywhere.
 * PINBOARD_SEED=N looks at others; what it finds becomes a test.
 */

import fc from 'fast-check';

const SEED = 20_261_121;

fc.configureGlobal({ seed: Number(process.env['PINBOARD_SEED'] ?? SEED) });
