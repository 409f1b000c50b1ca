/*
 * Owns: the load of distances: batches of dot products over a store, bound by memory. A worker's own jobs read its own share, so that
 * where that lies, and who steals them, counts.
 */
#include "pool.h"
#include "pool_vectors.h"

enum { EACH = 64 };

static void plan(struct pool *pool)
{
    uint64_t workers = (uint64_t)pool->asked->workers;
    pool->each = EACH;
    pool->units = EACH * workers;
    pool->rows[0] = pool->asked->bytes / workers / VECTOR_BYTES;
    pool->rows[0] += pool->rows[0] == 0;
    pool->store_bytes[0] = (size_t)pool->rows[0] * VECTOR_BYTES;
}

static void fill(const struct pool *pool, int store, const struct pool_part *part)
{
    (void)pool, (void)store;
    vectors_fill(part);
}

static uint64_t batch(const struct pool *pool, const unsigned char *store, uint64_t job)
{
    uint64_t row[VECTOR_BATCH], first = pool->store[0].share / VECTOR_BYTES * (uint64_t)pool_home(job);
    for (uint64_t i = 0; i < VECTOR_BATCH; i++)
        row[i] = first + pool_mix(job * VECTOR_BATCH + i) % pool->rows[0];
    return vectors_nearest(store, row, job);
}

static void run(struct pool_worker *worker, uint64_t job)
{
    pool_from(worker, pool_home(job));
    worker->sum += batch(worker->pool, worker->store[0], job);
    pool_done(worker, 1);
}

static uint64_t serial(const struct pool *pool, unsigned kind)
{
    uint64_t sum = 0;
    for (int worker = 0; worker < pool->asked->workers; worker++)
        for (unsigned i = 0; i < pool_seeds(pool, worker, kind); i++)
            sum += batch(pool, pool->store[0].region[0].base, pool_job(worker, pool_number_from(kind) + i));
    return sum;
}

const struct pool_load pool_distance = {
    .name = "distance",
    .benchmark = "pool-distance",
    .stores = true,
    .often = 1,
    .plan = plan,
    .fill = fill,
    .seed = pool_seed_numbers,
    .run = run,
    .serial = serial,
};
