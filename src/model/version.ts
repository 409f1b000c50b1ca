/** The product's version, put in by the bundler (esbuild.mjs) from package.json. */

declare const PINBOARD_VERSION: string | undefined;

/** "development" where the sources run unbundled, as in unit tests. */
export const VERSION: string = typeof PINBOARD_VERSION === 'string' ? PINBOARD_VERSION : 'development';
