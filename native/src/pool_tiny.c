/*
 * Owns: the load of many tiny jobs. Each lies in a line of its own, allocated from its worker's memory: what a scheduler costs when the
 * work costs nothing.
 */
#include "pool.h"

struct tiny {
    uint64_t id;
    int home;
};

enum { JOB_BYTES = 64 };
/* Allocated between two readings of the clock. */
enum { TIMED = 64 };

static void plan(struct pool *pool)
{
    pool->each = TINY_EACH;
    pool->units = (uint64_t)TINY_EACH * (uint64_t)pool->asked->workers;
    pool->frame_bytes = (size_t)pool_capacity(pool) * JOB_BYTES;
}

static uint64_t id_of(int home, uint64_t frame, unsigned number)
{
    return pool_job(home, pool_number_from(frame) + number);
}

static void seed(struct pool_worker *worker, uint64_t frame)
{
    unsigned seeds = pool_seeds(worker->pool, worker->number, frame);
    for (unsigned from = 0; from < seeds; from += TIMED) {
        struct tiny *made[TIMED];
        unsigned count = seeds - from < TIMED ? seeds - from : TIMED;
        uint64_t start = ticks_now(&worker->ticks);
        for (unsigned i = 0; i < count; i++) {
            made[i] = pool_allocate(worker, JOB_BYTES); /* there is room for all that fit into the deque */
            made[i]->id = id_of(worker->number, frame, from + i);
            made[i]->home = worker->number;
        }
        worker->now.allocation += ticks_now(&worker->ticks) - start;
        worker->now.allocations_timed += count;
        for (unsigned i = 0; i < count; i++)
            pool_put(worker, (uint64_t)(uintptr_t)made[i]);
    }
}

static void run(struct pool_worker *worker, uint64_t job)
{
    const struct tiny *tiny = (const struct tiny *)(uintptr_t)job;
    pool_from(worker, tiny->home);
    worker->sum += pool_mix(tiny->id);
    pool_done(worker, 1);
}

static uint64_t serial(const struct pool *pool, unsigned kind)
{
    uint64_t sum = 0;
    for (int worker = 0; worker < pool->asked->workers; worker++)
        for (unsigned i = 0; i < pool_seeds(pool, worker, kind); i++)
            sum += pool_mix(id_of(worker, kind, i));
    return sum;
}

const struct pool_load pool_tiny = {
    .name = "tiny",
    .benchmark = "pool-tiny",
    .often = 64,
    .plan = plan,
    .seed = seed,
    .run = run,
    .serial = serial,
};
