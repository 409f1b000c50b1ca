/*
 * Owns: the cheapest clock for spans of some hundred nanoseconds. The CPU's own counter where it runs at one rate on all
 * CPUs (x86-64 with an invariant TSC, arm64's virtual counter), else CLOCK_MONOTONIC; a host whose kernel distrusts the
 * TSC makes a system call of clock_gettime, which would be longer than what is measured.
 */
#ifndef AGENT_TICKS_H
#define AGENT_TICKS_H

#include "clock.h"

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>

static inline bool ticks_are_cpu(void)
{
    unsigned a, b, c, d = 0;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d >> 8 & 1) != 0;
}

/* By built-in functions: <x86intrin.h> is 1.4 MB of text, and made compiling the agent, also on hosts, take nearly twice as long. */
static inline uint64_t ticks_cpu(void)
{
    __builtin_ia32_lfence(); /* the loads before it are done, as the instruction itself does not see to */
    return __builtin_ia32_rdtsc();
}
#elif defined(__aarch64__)
static inline bool ticks_are_cpu(void)
{
    return true;
}

static inline uint64_t ticks_cpu(void)
{
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks)::"memory");
    return ticks;
}
#else
static inline bool ticks_are_cpu(void)
{
    return false;
}

static inline uint64_t ticks_cpu(void)
{
    return 0;
}
#endif

/* Nanoseconds a tick are learnt by holding both clocks against each other over some time: start, then read. */
struct ticks {
    bool cpu;
    uint64_t start_ticks, start_ns;
};

static inline uint64_t ticks_now(const struct ticks *ticks)
{
    return ticks->cpu ? ticks_cpu() : now_ns();
}

/* Both clocks at one moment: of a few readings the one in which the thread was least likely to have lost its CPU between them. */
static inline void ticks_both(const struct ticks *ticks, uint64_t *at_ticks, uint64_t *at_ns)
{
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 4; i++) {
        uint64_t before = ticks_now(ticks), ns = now_ns(), took = ticks_now(ticks) - before;
        if (took >= least)
            continue;
        least = took;
        *at_ticks = before + took / 2;
        *at_ns = ns;
    }
}

static inline struct ticks ticks_start(void)
{
    struct ticks ticks = { .cpu = ticks_are_cpu() };
    ticks_both(&ticks, &ticks.start_ticks, &ticks.start_ns);
    return ticks;
}

static inline double ticks_in_ns(const struct ticks *ticks)
{
    uint64_t ns = 0, now = 0;
    ticks_both(ticks, &now, &ns);
    return !ticks->cpu || now <= ticks->start_ticks ? 1.0 : (double)(ns - ticks->start_ns) / (double)(now - ticks->start_ticks);
}

#endif
