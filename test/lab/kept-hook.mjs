// Has the command line open its hosts by kept-where.ts. Imported on Node's command line, behind tsx.
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const kept = new URL('./kept-where.ts', import.meta.url).href;

if (isMainThread) register(import.meta.url);

/** @type {import('node:module').ResolveHook} */
export const resolve = (specifier, context, next) =>
  next(specifier.endsWith('/where.ts') && context.parentURL?.includes('/src/cli/') ? kept : specifier, context);
