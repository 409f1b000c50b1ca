/** How long a race may take unless told otherwise: some hundred runs of five seconds, which twelve candidates need. */
export const DEFAULT_RACE_MS = 600_000;
