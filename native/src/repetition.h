/*
 * Owns: the line of a repetition, which has the same keys whatever the benchmark: a figure and its metric, the CPUs each slot
 * was seen on, where the pages lay, whether it is valid.
 */
#ifndef AGENT_REPETITION_H
#define AGENT_REPETITION_H

#include "pages.h"
#include "team.h"
#include "validity.h"

#include <stdbool.h>
#include <stdint.h>

/* What a benchmark places, by the name it has in a run: "producer", "thread". Two slots may be one thread, a slot several. */
struct slot {
    const char *name;
    const struct cpuset *seen;
};

struct repetition {
    const char *benchmark, *metric;
    int number; /* of the case, in the order given */
    uint64_t round;
    double value; /* NAN: there is none, and `validity` says why */
    int decimals;
    double seconds; /* measured */
    const struct slot *slot;
    int slots;
    const struct worker_thread *thread; /* migrations and counters are sums of these */
    int threads;
    bool counters; /* false: too short to count anything */
    const struct found *found;
    const struct validity *validity;
};

/* Begins the line with all that is common: the benchmark adds keys of its own, then calls report_end. */
struct json *repetition_begin(const struct repetition *repetition);

#endif
