/*
 * Owns: the threads of one repetition. They are pinned, set off together, warmed up, measured between two moments and
 * ended; each watches from inside where it runs. Length is given in time, never in work, so that a slow or emulated
 * host takes no longer than a fast one.
 */
#ifndef AGENT_TEAM_H
#define AGENT_TEAM_H

#include "cpuset.h"
#include "perf.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct json;
struct validity;

enum phase { PHASE_WARM, PHASE_MEASURE, PHASE_STOP };

/*
 * A look every so many units of work (items, polls). It is one load of a line that nobody writes, and a host that plays
 * its CPU in software may need a millisecond for a unit. The system call that asks for the CPU comes every so many looks.
 */
enum { LOOK_EVERY = 512, CPU_EVERY = 32 };

/* On cache lines of their own: all threads read the phase while they measure, and it is written twice a repetition. */
struct team_signal {
    _Alignas(256) _Atomic(enum phase) phase;
    _Alignas(256) _Atomic(int) measuring; /* threads that have begun to */
};

struct worker_thread {
    /* Given. */
    void (*prepare)(struct worker_thread *); /* NULL, or what it does on its CPU before all set off together */
    void (*work)(struct worker_thread *);
    void *benchmark;
    int cpu;     /* -1: not pinned */
    bool uncounted; /* nobody reads its counters but for migrations: opening the others takes longer than a short repetition */
    bool polite; /* may share its CPU with whom it waits for: waiting gives the CPU away */
    /* Made by team_run. */
    struct team_signal *signal;
    enum phase phase;   /* the last one seen */
    uint64_t begin_ns, end_ns; /* of the measured time, by this thread; 0: it never got there */
    uint64_t used_ns;          /* of its CPU in that time */
    int pin_error;      /* -errno */
    struct cpuset seen; /* CPUs it was found on */
    int last_cpu;
    unsigned looks;
    uint64_t moves; /* how often that had changed since the last look */
    struct counters counters;
};

/* Runs all to their end. Ends the process where a thread cannot be had or pinned. */
void team_run(struct worker_thread *threads, int count, unsigned duration_ms);
/* The same; `at` is called, by none of them, when all have begun to measure and right before they are to stop. */
void team_run_watched(struct worker_thread *threads, int count, unsigned duration_ms, void (*at)(enum phase phase));

/*
 * Called by a thread between pieces of work. A change of the result marks the moments: on PHASE_MEASURE it sets its own
 * counts to 0, on PHASE_STOP it returns.
 */
enum phase worker_thread_look(struct worker_thread *thread);
/* Only whether to stop: one load, for waiting loops. */
static inline bool worker_thread_stops(const struct worker_thread *thread)
{
    return atomic_load_explicit(&thread->signal->phase, memory_order_acquire) == PHASE_STOP;
}

double worker_thread_seconds(const struct worker_thread *thread);
/* What it had of its CPU in that time: on a busy host less than the time that passed. */
double worker_thread_used_seconds(const struct worker_thread *thread);
/* The kernel's count where it can be read, else what the looks noticed. */
uint64_t worker_thread_migrations(const struct worker_thread *thread);
/* Invalidates the repetition where the thread did not run only on its CPU. */
void worker_thread_judge(const struct worker_thread *thread, const char *role, struct validity *validity);
/* The value of "counters", summed. */
void team_write_counters(struct json *json, const struct worker_thread *threads, int count);

/* One step of waiting: says to the CPU that this is a spin loop. */
static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory"); /* `yield` does nothing on most cores; isb waits about as long as pause */
#else
    __asm__ volatile("" ::: "memory");
#endif
}

#endif
