/*
 * Owns: the round trip. The producer sends one item on one ring and waits for it to come back on a second one; the
 * consumer sends back what it gets. Each trip is timed by itself, one reading of the clock is part of it.
 */
#include "histogram.h"
#include "json.h"
#include "spsc.h"
#include "ticks.h"
#include "validity.h"

#include <string.h>

/* The consumer keeps its rings to itself; all of this is the producer's. */
struct latency {
    uint64_t wrong, full_polls, empty_polls;
    struct histogram histogram;
};

/* What a trip counts for between looks: 32 trips when none waits long. */
enum { TRIP = LOOK_EVERY / 32 };
/* Polls between checks of whether to stop. */
enum { POLLS = 4096 };

/* Waits once more for the other side; false: it is time to stop. */
static bool wait(const struct worker_thread *thread, uint64_t *units, uint64_t polls)
{
    uint64_t worth = spsc_pause(thread, polls);
    *units += worth;
    return worth == 1 ? polls % POLLS != 0 || !worker_thread_stops(thread) : worth < LOOK_EVERY;
}

static bool send(const struct worker_thread *thread, struct numa_spsc_producer *p, uint64_t item, uint64_t *units, uint64_t *full)
{
    for (uint64_t polls = 0; numa_spsc_room(p) == 0; ++*full)
        if (!wait(thread, units, ++polls))
            return false;
    numa_spsc_put(p, item);
    return true;
}

static bool receive(const struct worker_thread *thread, struct numa_spsc_consumer *c, uint64_t *item, uint64_t *units, uint64_t *empty)
{
    for (uint64_t polls = 0; numa_spsc_ready(c) == 0; ++*empty)
        if (!wait(thread, units, ++polls))
            return false;
    *item = numa_spsc_take(c);
    return true;
}

static void originate(struct worker_thread *thread)
{
    const struct spsc_run *run = thread->benchmark;
    struct latency *result = run->state;
    struct numa_spsc out = spsc_queue(run, 0, 1), in = spsc_queue(run, 1, 1);
    struct numa_spsc_producer there = numa_spsc_producer_of(&out);
    struct numa_spsc_consumer back = numa_spsc_consumer_of(&in);
    struct ticks ticks = ticks_start();
    double ns_per_tick = 1;
    uint64_t sent = 0, got = 0, full = 0, empty = 0;
    for (enum phase before = PHASE_WARM, phase; (phase = worker_thread_look(thread)) != PHASE_STOP; before = phase) {
        if (phase != before) {
            ns_per_tick = ticks_in_ns(&ticks);
            memset(&result->histogram, 0, sizeof result->histogram);
            full = empty = 0;
        }
        for (uint64_t units = 0; units < LOOK_EVERY; units += TRIP, sent++) {
            uint64_t start = ticks_now(&ticks);
            if (!send(thread, &there, sent, &units, &full) || !receive(thread, &back, &got, &units, &empty))
                break;
            histogram_add(&result->histogram, (uint64_t)((double)(ticks_now(&ticks) - start) * ns_per_tick + 0.5));
            result->wrong += got != sent;
        }
    }
    if (thread->begin_ns == 0)
        memset(&result->histogram, 0, sizeof result->histogram); /* of the warm-up alone */
    result->full_polls = full;
    result->empty_polls = empty;
}

/* Between trips it waits in pieces, so that it looks even when nothing comes. */
static void reflect(struct worker_thread *thread)
{
    const struct spsc_run *run = thread->benchmark;
    struct numa_spsc in = spsc_queue(run, 0, 1), out = spsc_queue(run, 1, 1);
    struct numa_spsc_consumer there = numa_spsc_consumer_of(&in);
    struct numa_spsc_producer back = numa_spsc_producer_of(&out);
    uint64_t full = 0, polls = 0; /* what it waits for is the trip itself: nobody asks for its polls */
    while (worker_thread_look(thread) != PHASE_STOP)
        for (uint64_t units = 0; units < LOOK_EVERY;) {
            if (numa_spsc_ready(&there) == 0) {
                units += spsc_pause(thread, ++polls);
                continue;
            }
            polls = 0;
            units += TRIP;
            if (!send(thread, &back, numa_spsc_take(&there), &units, &full))
                break;
        }
}

static void judge(const struct spsc_run *run, struct validity *validity)
{
    const struct latency *result = run->state;
    if (result->wrong > 0)
        invalidate(validity, "%llu items came back changed or out of order", (unsigned long long)result->wrong);
    if (result->histogram.total == 0)
        invalidate(validity, "no round trip was completed in the measured time");
}

static double value(const struct spsc_run *run, double seconds)
{
    (void)seconds; /* each trip was timed by itself */
    return histogram_median(&((const struct latency *)run->state)->histogram);
}

static void write_counts(struct json *json, const struct spsc_run *run)
{
    const struct latency *result = run->state;
    json_key(json, "items");
    json_count(json, result->histogram.total * 2);
    json_key(json, "emptyPolls");
    json_count(json, result->empty_polls);
    json_key(json, "fullPolls");
    json_count(json, result->full_polls);
    json_key(json, "histogram");
    histogram_write(json, &result->histogram);
}

const struct spsc_kind spsc_latency = {
    .benchmark = "spsc-latency",
    .metric = "ns",
    .rings = 2,
    .sides = SIDES,
    .state_bytes = sizeof(struct latency),
    .work = { originate, reflect },
    .judge = judge,
    .timed = PRODUCER,
    .value = value,
    .write = write_counts,
};
