/*
 * Owns: the load of fork and join: one job at the beginning, which divides until its part is small; whoever ends the second half of a
 * part joins it. In turn another worker has the root, and all others steal.
 */
#include "pool.h"

#include <assert.h>
#include <stddef.h>

struct node {
    struct node *parent; /* NULL: the root */
    _Atomic(uint64_t) sum;
    _Atomic(int) open; /* halves */
    int home;
    uint32_t from, to; /* leaves */
};

/* Parts that a worker may have divided in a frame: beyond, it does not divide. */
enum { PARTS_MOST = 16384 };
enum { NODE_BYTES = 64 };

static void plan(struct pool *pool)
{
    pool->each = 64; /* a line down the tree, and room */
    pool->units = (uint64_t)LEAVES_EACH * (uint64_t)pool->asked->workers;
    pool->frame_bytes = (size_t)PARTS_MOST * NODE_BYTES;
}

static struct node *node_from(struct pool_worker *worker, struct node *parent, uint32_t from, uint32_t to)
{
    static_assert(sizeof(struct node) <= NODE_BYTES, "a part is a line");
    struct node *node = pool_allocate(worker, NODE_BYTES);
    if (node != NULL) {
        *node = (struct node){ .parent = parent, .home = worker->number, .from = from, .to = to };
        atomic_init(&node->open, 2);
    }
    return node;
}

static void seed(struct pool_worker *worker, uint64_t frame)
{
    if (frame % POOL_KINDS % (uint64_t)worker->pool->asked->workers != (uint64_t)worker->number)
        return;
    struct node *root = node_from(worker, NULL, 0, (uint32_t)worker->pool->units);
    pool_put(worker, (uint64_t)(uintptr_t)root);
}

static uint64_t leaves(uint32_t from, uint32_t to)
{
    uint64_t sum = 0;
    for (uint32_t at = from; at < to; at++)
        sum += tree_leaf(at);
    return sum;
}

/* A part is done: so are all above it whose other half is. */
static void join(struct pool_worker *worker, const struct node *node, uint64_t sum)
{
    for (struct node *parent = node->parent;; parent = parent->parent) {
        if (parent == NULL) {
            worker->sum += sum;
            return;
        }
        atomic_fetch_add_explicit(&parent->sum, sum, memory_order_relaxed);
        if (atomic_fetch_sub_explicit(&parent->open, 1, memory_order_acq_rel) > 1)
            return;
        sum = atomic_load_explicit(&parent->sum, memory_order_relaxed);
    }
}

static void run(struct pool_worker *worker, uint64_t job)
{
    struct node *node = (struct node *)(uintptr_t)job;
    pool_from(worker, node->home);
    while (node->to - node->from > 1) {
        uint32_t middle = node->from + (node->to - node->from) / 2;
        bool timed = worker->now.polls % 64 == 0;
        uint64_t start = timed ? ticks_now(&worker->ticks) : 0;
        struct node *one = node_from(worker, node, node->from, middle), *two = one == NULL ? NULL : node_from(worker, node, middle, node->to);
        if (two == NULL)
            break;
        if (timed) {
            worker->now.allocation += ticks_now(&worker->ticks) - start;
            worker->now.allocations_timed += 2;
        }
        pool_put(worker, (uint64_t)(uintptr_t)two);
        node = one;
    }
    uint64_t count = node->to - node->from, sum = leaves(node->from, node->to);
    join(worker, node, sum);
    pool_done(worker, count);
}

static uint64_t serial(const struct pool *pool, unsigned kind)
{
    (void)kind; /* whoever begins */
    return leaves(0, (uint32_t)pool->units);
}

const struct pool_load pool_tree = {
    .name = "tree",
    .benchmark = "pool-tree",
    .often = 64,
    .plan = plan,
    .seed = seed,
    .run = run,
    .serial = serial,
};
