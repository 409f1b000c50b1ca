/*
 * Owns: the promise that nothing outlives the connection. The process that was started becomes the outer guard, its child
 * the inner guard, and that one's child the worker, which does everything else. A guard only watches what comes from above
 * (stdin, the heartbeat, signals) and who is below. They are processes, not threads, so that a worker that spins, crashes or
 * is killed for memory cannot take the watch down with it, and two, so that neither can one SIGKILL:
 *
 *   - the inner one is killed or stopped: what it watched over becomes the outer one's, which ends it;
 *   - the outer one is killed or stopped: the inner one hears the end of its stdin, or silence, and ends everything.
 *
 * Of both at once only the worker and the programs it started know (the kernel kills them); for the rest there is the
 * mark that the start script puts into the environment, and the script that watches over the connection.
 */
#ifndef AGENT_GUARD_H
#define AGENT_GUARD_H

/*
 * Returns in the worker. The guards never return: they exit with the worker's status, or with 5 when stdin ended, no byte
 * came for heartbeat_ms (0: no heartbeat), or a signal asked for it; by then all descendants are dead and reaped.
 */
void guard_enter(unsigned heartbeat_ms);

/* In the worker: what came on stdin after the arguments, heartbeats too; for a command that takes requests while it runs. */
int guard_requests(void);

/* For a worker that fills memory: the kernel shall choose it before anyone else's process, and write no core file. */
void worker_is_expendable(void);

#endif
