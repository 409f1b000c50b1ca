/*
 * Owns: items a second from one thread to another. The producer writes ascending numbers as fast as there is room, the
 * consumer reads as fast as they come and holds each against the number that must be next.
 */
#include "json.h"
#include "spsc.h"
#include "validity.h"

#include <math.h>

/* Each side writes its part once, at its end; while they measure, both count in registers. */
struct throughput {
    uint64_t items, empty_polls, wrong; /* of the consumer */
    uint64_t full_polls;                /* of the producer */
};

static void produce(struct worker_thread *thread)
{
    const struct spsc_run *run = thread->benchmark;
    struct numa_spsc queue = spsc_queue(run, 0, run->asked->batch);
    struct numa_spsc_producer p = numa_spsc_producer_of(&queue);
    uint64_t full = 0, waits = 0;
    for (enum phase before = PHASE_WARM, phase; (phase = worker_thread_look(thread)) != PHASE_STOP; before = phase) {
        if (phase != before)
            full = 0;
        for (uint64_t units = 0; units < LOOK_EVERY;) {
            uint64_t n = numa_spsc_room(&p);
            if (n == 0) {
                full++;
                units += spsc_pause(thread, ++waits);
                continue;
            }
            waits = 0;
            if (n > LOOK_EVERY - units)
                n = LOOK_EVERY - units;
            units += n;
            for (; n > 0; n--)
                numa_spsc_put(&p, p.next);
        }
    }
    ((struct throughput *)run->state)->full_polls = full;
}

static void consume(struct worker_thread *thread)
{
    const struct spsc_run *run = thread->benchmark;
    struct numa_spsc queue = spsc_queue(run, 0, run->asked->batch);
    struct numa_spsc_consumer c = numa_spsc_consumer_of(&queue);
    uint64_t empty = 0, waits = 0, first = 0, wrong = 0;
    for (enum phase before = PHASE_WARM, phase; (phase = worker_thread_look(thread)) != PHASE_STOP; before = phase) {
        if (phase != before) {
            first = c.next;
            empty = 0;
        }
        for (uint64_t units = 0; units < LOOK_EVERY;) {
            uint64_t n = numa_spsc_ready(&c);
            if (n == 0) {
                empty++;
                units += spsc_pause(thread, ++waits);
                continue;
            }
            waits = 0;
            if (n > LOOK_EVERY - units)
                n = LOOK_EVERY - units;
            units += n;
            for (; n > 0; n--) {
                uint64_t expected = c.next;
                wrong += numa_spsc_take(&c) != expected;
            }
        }
    }
    struct throughput *result = run->state;
    result->items = thread->begin_ns != 0 ? c.next - first : 0;
    result->empty_polls = empty;
    result->wrong = wrong;
}

static void judge(const struct spsc_run *run, struct validity *validity)
{
    const struct throughput *result = run->state;
    if (result->wrong > 0)
        invalidate(validity, "%llu items were lost, doubled or out of order", (unsigned long long)result->wrong);
    if (result->items == 0)
        invalidate(validity, "no item arrived in the measured time");
}

static double value(const struct spsc_run *run, double seconds)
{
    const struct throughput *result = run->state;
    return seconds > 0 ? (double)result->items / seconds : NAN;
}

static void write_counts(struct json *json, const struct spsc_run *run)
{
    const struct throughput *result = run->state;
    json_key(json, "items");
    json_count(json, result->items);
    json_key(json, "emptyPolls");
    json_count(json, result->empty_polls);
    json_key(json, "fullPolls");
    json_count(json, result->full_polls);
}

const struct spsc_kind spsc_throughput = {
    .benchmark = "spsc",
    .metric = "items/s",
    .rings = 1,
    .sides = SIDES,
    .state_bytes = sizeof(struct throughput),
    .work = { produce, consume },
    .judge = judge,
    .timed = CONSUMER,
    .value = value,
    .write = write_counts,
};
