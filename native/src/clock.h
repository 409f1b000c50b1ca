/*
 * Owns: time. Every duration in this program is nanoseconds of CLOCK_MONOTONIC unless a name says otherwise.
 */
#ifndef AGENT_CLOCK_H
#define AGENT_CLOCK_H

#include <errno.h>
#include <stdint.h>
#include <time.h>

#define NS_PER_SECOND UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)

static inline uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_SECOND + (uint64_t)t.tv_nsec;
}

/* What the calling thread has used of its CPU: unlike the wall's, this time does not grow on a busy host. */
static inline uint64_t used_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * NS_PER_SECOND + (uint64_t)t.tv_nsec;
}

/* Sleeps to a point in time, not for a span: what the caller did meanwhile does not add up to drift. */
static inline void sleep_until(uint64_t deadline_ns)
{
    struct timespec t = { .tv_sec = (time_t)(deadline_ns / NS_PER_SECOND), .tv_nsec = (long)(deadline_ns % NS_PER_SECOND) };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
    }
}

static inline double seconds_of(uint64_t ns)
{
    return (double)ns / 1e9;
}

#endif
