/* Owns: the load of walks over a graph: light work that waits for one line after another. The graph is only read. */
#include "pool.h"
#include "pool_graph.h"

#include <stdlib.h>

enum { EACH = 32, BEST = 32 };

static void plan(struct pool *pool)
{
    uint64_t workers = (uint64_t)pool->asked->workers;
    unsigned bits = graph_bits(pool->asked->bytes);
    pool->each = EACH;
    pool->units = EACH * workers;
    pool->scratch_bytes = sizeof(struct graph_walk);
    pool->rows[0] = bits;
    pool->store_bytes[0] = (size_t)(((sizeof(struct graph_row) << bits) + workers - 1) / workers);
}

static void fill(const struct pool *pool, int store, const struct pool_part *part)
{
    (void)store;
    graph_fill((unsigned)pool->rows[0], part);
}

static uint64_t walk_of(const struct pool *pool, const unsigned char *store, struct graph_walk *walk, uint64_t job)
{
    struct graph graph = { .row = (const void *)store, .bits = (unsigned)pool->rows[0] };
    graph_search(&graph, walk, (uint32_t)pool_home(job), (uint32_t)pool_mix(job), BEST);
    return graph_result(walk);
}

static void run(struct pool_worker *worker, uint64_t job)
{
    pool_from(worker, pool_home(job));
    worker->sum += walk_of(worker->pool, worker->store[0], (void *)worker->scratch, job);
    pool_done(worker, 1);
}

static uint64_t serial(const struct pool *pool, unsigned kind)
{
    uint64_t sum = 0;
    struct graph_walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL)
        abort();
    for (int worker = 0; worker < pool->asked->workers; worker++)
        for (unsigned i = 0; i < pool_seeds(pool, worker, kind); i++)
            sum += walk_of(pool, pool->store[0].region[0].base, walk, pool_job(worker, pool_number_from(kind) + i));
    free(walk);
    return sum;
}

const struct pool_load pool_traversal = {
    .name = "traversal",
    .benchmark = "pool-traversal",
    .stores = true,
    .often = 1,
    .plan = plan,
    .fill = fill,
    .seed = pool_seed_numbers,
    .run = run,
    .serial = serial,
};
