/** Connecting that failed. */

/** Names the host, so that connecting again can be offered. */
export class ConnectFailure extends Error {
  readonly target: string | null;
  constructor(target: string | null, cause: unknown) {
    super('Connecting failed.', { cause });
    this.target = target;
  }
}
