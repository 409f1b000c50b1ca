/*
 * Owns: the micro-benchmark that published figures of queues often are: one thread sends an item and receives it again, both
 * counted. No cache line crosses anything, so that it says what the code costs, and nothing about two threads.
 */
#include "json.h"
#include "spsc.h"
#include "validity.h"

#include <math.h>

struct alternation {
    uint64_t pairs, wrong;
};

static void alternate(struct worker_thread *thread)
{
    const struct spsc_run *run = thread->benchmark;
    struct numa_spsc queue = spsc_queue(run, 0, 1);
    struct numa_spsc_producer p = numa_spsc_producer_of(&queue);
    struct numa_spsc_consumer c = numa_spsc_consumer_of(&queue);
    uint64_t first = 0, wrong = 0, item = 0;
    for (enum phase before = PHASE_WARM, phase; (phase = worker_thread_look(thread)) != PHASE_STOP; before = phase) {
        if (phase != before)
            first = c.next;
        for (uint64_t units = 0; units < LOOK_EVERY; units++) {
            uint64_t sent = p.next;
            /* One of them failing would be an error of the queue, and is counted as one. */
            wrong += !numa_spsc_push(&p, sent) || !numa_spsc_pop(&c, &item) || item != sent;
        }
    }
    struct alternation *result = run->state;
    result->pairs = thread->begin_ns != 0 ? c.next - first : 0;
    result->wrong = wrong;
}

static void judge(const struct spsc_run *run, struct validity *validity)
{
    const struct alternation *result = run->state;
    if (result->wrong > 0)
        invalidate(validity, "%llu items did not come back as they were sent", (unsigned long long)result->wrong);
}

static double value(const struct spsc_run *run, double seconds)
{
    const struct alternation *result = run->state;
    return seconds > 0 ? 2 * (double)result->pairs / seconds : NAN;
}

static void write_counts(struct json *json, const struct spsc_run *run)
{
    const struct alternation *result = run->state;
    json_key(json, "items");
    json_count(json, result->pairs);
    json_key(json, "emptyPolls");
    json_count(json, 0);
    json_key(json, "fullPolls");
    json_count(json, 0);
}

const struct spsc_kind spsc_alternate = {
    .benchmark = "spsc-alternate",
    .metric = "ops/s",
    .rings = 1,
    .sides = 1,
    .state_bytes = sizeof(struct alternation),
    .work = { alternate },
    .judge = judge,
    .timed = PRODUCER,
    .value = value,
    .write = write_counts,
};
