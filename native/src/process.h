/*
 * Owns: what /proc says about processes and their threads: names, CPUs, migrations, pages by node, descent.
 */
#ifndef AGENT_PROCESS_H
#define AGENT_PROCESS_H

#include "cpuset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct json;

struct thread_facts {
    pid_t pid, tid;
    char name[64]; /* comm: any bytes but NUL, 15 of them (workers of the kernel have more) */
    int cpu;       /* it ran on last */
    double cpu_seconds; /* it has used, in the program and in the kernel for it */
    unsigned long long start; /* in clock ticks since the boot: with the number it names one thread, for numbers are given anew */
    long long migrations; /* -1: the kernel does not say (CONFIG_SCHED_DEBUG is off) */
};

/* A list of ids, growing; all zero is empty. */
struct pids {
    pid_t *list;
    size_t count, capacity;
};
void pids_add(struct pids *pids, pid_t pid);
bool pids_has(const struct pids *pids, pid_t pid);
void pids_free(struct pids *pids);

/*
 * Everything that descends from `root`, without itself: one pass over /proc. Zombies are in it, for a
 * process whose first thread has ended looks like one while its other threads run.
 */
struct pids descendants(pid_t root);
/* Every process there is. */
struct pids processes_all(void);
/* The threads of a process, none where it has ended. */
struct pids threads_of(pid_t pid);

/* False: the thread has ended. */
bool thread_read(struct thread_facts *facts, pid_t pid, pid_t tid);
/* Writes the keys "tid", "start", "name", "cpu" and "migrations". */
void thread_write(struct json *json, const struct thread_facts *facts);
bool thread_allowed(struct cpuset *cpus, pid_t pid, pid_t tid);
struct process_facts {
    pid_t pid, parent;
    char name[64];
    bool of_kernel; /* a worker of the kernel's own */
    double cpu_seconds;
    unsigned long long start; /* as of a thread */
    long long threads, resident_bytes;
};
/* False: it has ended. */
bool process_read(struct process_facts *facts, pid_t pid);
/* The comm of a process; false: it has ended. */
bool process_name(char *name, size_t size, pid_t pid);
/* nr_migrations of a scheduler file such as /proc/thread-self/sched, or -1. */
__attribute__((format(printf, 1, 2))) long long migrations_in(const char *format, ...);

/* Bytes of a process by node, summed from numa_maps (which costs the kernel milliseconds for a large process). */
struct numa_maps {
    uint64_t on_node[1024];
    int error; /* -errno: unavailable */
};
/* Adds the process to the sums. */
void numa_maps_add(struct numa_maps *resident, pid_t pid);
/* Whether there is anything in the sums. */
bool numa_maps_known(const struct numa_maps *resident);
/* { node: bytes } or { "unavailable": why } */
void numa_maps_write(struct json *json, const struct numa_maps *resident);

#endif
