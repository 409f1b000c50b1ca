// The command line with hosts that stay connected: the entry of the desk that the lab asks (asking.ts).
import { closeHosts, FORGET } from './kept-where.ts';

if (process.argv[2] === FORGET) await closeHosts();
// The question mark that makes this file another one makes that one another, too.
else await import(`../../src/cli/main.ts${new URL(import.meta.url).search}`);
