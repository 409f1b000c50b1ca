/*
 * Owns: the promise that nothing outlives the connection. The process that was started becomes the guard: it forks a
 * worker that does everything else and then only watches stdin, the heartbeat, signals and the worker. It is a process,
 * not a thread, so that a worker that spins, crashes or is killed for memory cannot take the watch down with it.
 */
#ifndef AGENT_GUARD_H
#define AGENT_GUARD_H

/*
 * Returns in the worker. The guard never returns: it exits with the worker's status, or with 5 when stdin ended, no byte
 * came for heartbeat_ms (0: no heartbeat), or a signal asked it to; by then all descendants are dead and reaped.
 */
void guard_enter(unsigned heartbeat_ms);

/* In the worker: what came on stdin after the arguments, heartbeats too; for a command that takes requests while it runs. */
int guard_requests(void);

/* For a worker that fills memory: the kernel shall choose it before anyone else's process, and write no core file. */
void worker_is_expendable(void);

#endif
