/*
 * Owns: the looks at a running program: its threads (and those of everything it started) and its pages by node. It looks
 * often where there are threads to pin and seldom where there are none, and never takes more than a twentieth of a CPU.
 */
#ifndef AGENT_OBSERVE_H
#define AGENT_OBSERVE_H

#include <stdint.h>
#include <sys/types.h>

/* Looks if it is time to, writes an `observed` line once a second, and says when (now_ns) to call again. */
uint64_t observe(pid_t program);
/* After its end: the last look that no line has told of yet. */
void observe_last(void);

#endif
