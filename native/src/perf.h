/*
 * Owns: counters of one thread, or of a whole program: of the kernel (getrusage) and of the CPU (perf events). A counter that cannot be read is
 * "unavailable" with the reason and the setting that would change it; it is never 0 for that.
 */
#ifndef AGENT_PERF_H
#define AGENT_PERF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct json;

enum {
    COUNTER_MINOR_FAULTS,
    COUNTER_CONTEXT_SWITCHES,
    COUNTER_MIGRATIONS,
    COUNTER_CYCLES,
    COUNTER_INSTRUCTIONS,
    COUNTER_LLC_LOAD_MISSES,
    COUNTER_NODE_LOADS,
    COUNTER_NODE_LOAD_MISSES,
    COUNTER_DTLB_LOAD_MISSES,
    COUNTERS
};

struct counter {
    double value;  /* a perf event that shared its hardware counter is scaled up to the whole time */
    char why[192]; /* not empty: unavailable */
};

struct counters {
    struct counter reading[COUNTERS];
    int fd[COUNTERS];                    /* -1: not a perf event, or unavailable */
    long faults_before, switches_before; /* of getrusage */
    long long migrations_before;         /* of /proc/thread-self/sched, where perf does not say */
};

/* Before many threads are counted: each has several counters open, and there may be a thousand threads. */
void counters_allow_many(void);
/* All four by the thread that is counted: prepare, start, stop (reads), release. */
void counters_open(struct counters *counters, bool migrations_alone);
void counters_start(struct counters *counters);
void counters_stop(struct counters *counters);
void counters_close(struct counters *counters);

/* Sums of several threads: one that lacks a counter makes it unavailable for all. */
void counters_add(struct counter sum[COUNTERS], const struct counters *counters);
/* The value of "counters". */
void counters_write(struct json *json, const struct counter sum[COUNTERS]);

/*
 * The perf events of a process and all it will start, counted from its exec on. What getrusage counts is not among them:
 * whoever waits for the process gets that with its end.
 */
void counters_open_program(struct counters *counters, pid_t pid);
/* Once it has ended. */
void counters_read_program(struct counters *counters);
/* The value of "counters" of a program: its perf events alone. */
void counters_write_program(struct json *json, const struct counters *counters);

#endif
