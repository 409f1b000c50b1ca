/*
 * Owns: evidence that memory ran out. A SIGKILL alone proves nothing: anyone may have sent it.
 */
#ifndef AGENT_OOM_H
#define AGENT_OOM_H

/* How many processes the kernel has ended for lack of memory; -1: it does not say. */
struct oom {
    long long group; /* in this process's control group */
    long long host;
};

struct oom oom_count(void);

#endif
