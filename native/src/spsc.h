/*
 * Owns: what the parts of the SPSC benchmark share. spsc.c reads the cases and runs the rounds; spsc_throughput.c,
 * spsc_latency.c and spsc_alternate.c each are one kind of measurement.
 */
#ifndef AGENT_SPSC_H
#define AGENT_SPSC_H

#include "numa_spsc.h"
#include "pages.h"
#include "team.h"

#include <stdbool.h>
#include <stdint.h>

struct json;
struct validity;

/* A case as it was asked for. */
struct spsc_case {
    int producer, consumer; /* CPUs; -1 only where not pinned */
    bool pin;
    struct want want; /* where the rings lie */
    size_t padding;
    uint64_t capacity, batch; /* items */
    struct pages pages;
};

/* The two threads of a repetition, in this order, and the memory both work in. */
enum { PRODUCER, CONSUMER, SIDES };

struct spsc_run {
    const struct spsc_case *asked;
    struct region region;
    struct worker_thread side[SIDES];
    void *state; /* of the kind */
};

struct spsc_kind {
    const char *benchmark, *metric; /* as written in its lines */
    size_t rings;
    int sides; /* threads: both, or the producer alone */
    size_t state_bytes; /* zeroed before each repetition */
    void (*work[SIDES])(struct worker_thread *);
    void (*judge)(const struct spsc_run *run, struct validity *validity);
    int timed; /* the side by whose clock it was measured */
    /* The figure in `metric` after so many seconds; NAN: there is none. */
    double (*value)(const struct spsc_run *run, double seconds);
    /* Keys that only this kind has. */
    void (*write)(struct json *json, const struct spsc_run *run);
};

extern const struct spsc_kind spsc_throughput, spsc_latency, spsc_alternate;

/* The queue number `which` of a run, in the run's region; each side makes its own view of it. */
struct numa_spsc spsc_queue(const struct spsc_run *run, size_t which, uint64_t batch);

/*
 * One step of waiting for the other side. Returns how much of LOOK_EVERY it is worth: giving the CPU away may take
 * milliseconds, so that a polite wait comes back to the look sooner, and at once when it is time to stop.
 */
uint64_t spsc_pause(const struct worker_thread *thread, uint64_t polls_in_a_row);

#endif
