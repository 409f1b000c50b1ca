/*
 * Owns: the load of a sparse matrix times a vector, again and again, as the conjugate gradients of the NAS parallel benchmarks do (D.
 * Bailey et al., 1991): y = A x over rows whose columns are anywhere, and the product of the two vectors block by block. Here the work
 * is even: there is only as much to steal as the machine makes uneven.
 *
 * Rows and vectors are in shares. A frame reads one vector and writes the next, a row by one worker alone; after all kinds of frame the
 * first vector is read again, which is never written.
 */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

enum { FILLED = 16, ROWS_LEAST = 64, BLOCKS_MOST = 1024 };

struct row {
    double value[FILLED];
    uint32_t column[FILLED]; /* where its element lies in the first vector, in elements from the vectors' beginning */
};

/* The rows of a block; a worker's share is blocks of this, the last one perhaps a smaller one. */
static uint64_t block_rows(const struct pool *pool)
{
    uint64_t rows = (pool->rows[0] + BLOCKS_MOST - 1) / BLOCKS_MOST;
    return rows < ROWS_LEAST ? ROWS_LEAST : rows;
}

static uint64_t blocks(const struct pool *pool)
{
    return (pool->rows[0] + block_rows(pool) - 1) / block_rows(pool);
}

static void plan(struct pool *pool)
{
    uint64_t workers = (uint64_t)pool->asked->workers, row = sizeof(struct row) + (POOL_KINDS + 1) * sizeof(double);
    pool->rows[0] = pool->asked->bytes / workers / row;
    pool->rows[0] += pool->rows[0] == 0;
    pool->rows[1] = pool->rows[0];
    pool->store_bytes[0] = (size_t)pool->rows[0] * sizeof(struct row);
    pool->store_bytes[1] = (size_t)pool->rows[1] * (POOL_KINDS + 1) * sizeof(double);
    pool->each = (unsigned)blocks(pool);
    pool->units = blocks(pool) * workers;
}

/* A vector's elements of a worker's share. */
static double *elements(const struct pool *pool, const unsigned char *vectors, uint64_t home, unsigned which)
{
    return (double *)(void *)((unsigned char *)(uintptr_t)vectors + pool->store[1].share * home) + which * pool->rows[0];
}

static void fill_row(const struct pool *pool, struct row *row, uint64_t number)
{
    uint64_t all = pool->rows[0] * (uint64_t)pool->asked->workers;
    for (uint64_t i = 0; i < FILLED; i++) {
        uint64_t chance = pool_mix(number * FILLED + i);
        row->column[i] = (uint32_t)(chance % all / pool->rows[0] * (pool->store[1].share / sizeof(double)) + chance % all % pool->rows[0]);
        row->value[i] = (double)(chance >> 56) / (256.0 * FILLED); /* no row adds up to more than 1: vectors stay small */
    }
}

static void fill(const struct pool *pool, int store, const struct pool_part *part)
{
    size_t share = pool->store[store].share;
    for (uint64_t home = part->from / share; home < part->to / share; home++) {
        struct row *row = (struct row *)(void *)(part->base + share * home);
        for (uint64_t i = 0; i < pool->rows[0]; i++)
            if (store == 0)
                fill_row(pool, &row[i], home * pool->rows[0] + i);
            else
                for (unsigned which = 0; which <= POOL_KINDS; which++)
                    elements(pool, part->base, home, which)[i] = which == 0 ? 1 + (double)(i & 1023) / 1024 : 0;
    }
}

static void seed(struct pool_worker *worker, uint64_t frame)
{
    for (uint64_t block = worker->pool->each; block-- > 0;) /* the first one is on top */
        pool_put(worker, pool_job(worker->number, (frame % POOL_KINDS) << 32 | block));
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* One block; `read` and `write` are places of vectors in `vectors`. */
static uint64_t multiply(const struct pool *pool, const unsigned char *store, const unsigned char *vectors, uint64_t job, unsigned read, unsigned write)
{
    uint64_t home = (uint64_t)pool_home(job), from = (pool_number(job) & UINT32_MAX) * block_rows(pool), to = from + block_rows(pool);
    const struct row *row = (const void *)(store + pool->store[0].share * home);
    const double *own = elements(pool, vectors, home, read), *all = elements(pool, vectors, 0, read);
    double *result = elements(pool, vectors, home, write), product = 0;
    for (uint64_t i = from; i < to && i < pool->rows[0]; i++) {
        double sum = 0;
        for (int k = 0; k < FILLED; k++)
            sum += row[i].value[k] * all[row[i].column[k]];
        result[i] = sum;
        product += sum * own[i];
    }
    return pool_mix(bits_of(product) ^ job);
}

static void run(struct pool_worker *worker, uint64_t job)
{
    unsigned kind = (unsigned)(pool_number(job) >> 32);
    pool_from(worker, pool_home(job));
    worker->sum += multiply(worker->pool, worker->store[0], worker->store[1], job, kind, kind + 1);
    pool_done(worker, 1);
}

/* Asked for the kinds in their order, so that every vector is made anew out of the first one. */
static uint64_t serial(const struct pool *pool, unsigned kind)
{
    uint64_t sum = 0;
    for (int home = 0; home < pool->asked->workers; home++)
        for (uint64_t block = 0; block < blocks(pool); block++)
            sum += multiply(pool, pool->store[0].region[0].base, pool->store[1].region[0].base, pool_job(home, (uint64_t)kind << 32 | block), kind, kind + 1);
    return sum;
}

const struct pool_load pool_sparse = {
    .name = "sparse",
    .benchmark = "pool-sparse",
    .stores = true,
    .often = 1,
    .plan = plan,
    .fill = fill,
    .seed = seed,
    .run = run,
    .serial = serial,
};
