/*
 * Owns: counts of durations in buckets that are exact up to 128 ns and 1/128 of an octave wide above it (so within 0.8 %
 * of the value), whatever their range. Adding is a few instructions and touches one counter.
 */
#ifndef AGENT_HISTOGRAM_H
#define AGENT_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_FINE = 7, HISTOGRAM_OCTAVES = 36 }; /* up to 2^(7+36) ns: over two hours */

struct histogram {
    uint64_t total;
    uint64_t count[(HISTOGRAM_OCTAVES + 1) << HISTOGRAM_FINE];
};

struct json;

static inline unsigned histogram_bucket(uint64_t ns)
{
    if (ns < 1u << HISTOGRAM_FINE)
        return (unsigned)ns;
    unsigned octave = 63u - (unsigned)__builtin_clzll(ns) - HISTOGRAM_FINE;
    if (octave >= HISTOGRAM_OCTAVES)
        return (unsigned)(sizeof(((struct histogram *)0)->count) / sizeof(uint64_t)) - 1;
    return ((octave + 1) << HISTOGRAM_FINE) + (unsigned)(ns >> octave) - (1u << HISTOGRAM_FINE);
}

static inline void histogram_add(struct histogram *histogram, uint64_t ns)
{
    histogram->count[histogram_bucket(ns)]++;
    histogram->total++;
}

/* Adds what is in another one. */
void histogram_sum(struct histogram *sum, const struct histogram *own);
/* The largest duration that falls into the bucket, and the smallest is the one before's largest + 1. */
uint64_t histogram_upper(unsigned bucket);
/* The duration that half of all do not exceed, by straight line within its bucket; NAN where there are none. */
double histogram_median(const struct histogram *histogram);
/* [[upper bound, count], ...] of the buckets that are not empty. */
void histogram_write(struct json *json, const struct histogram *histogram);

#endif
