/*
 * Owns: the load of a service: the first pool walks a graph and hands the ids of a batch over to the second, which takes their
 * distances and hands the result back. Only a pointer crosses between two workers, by a queue for each two; the ids and the result it
 * points to are read where the first pool has them.
 */
#include "clock.h"
#include "numa_spsc.h"
#include "pool.h"
#include "pool_arrivals.h"
#include "pool_graph.h"
#include "pool_vectors.h"

#include <assert.h>
#include <stdlib.h>

/* Requests that a worker begins in a frame: at least, and times those that it has under way at once. */
enum { EACH = 16, TIMES = 2 };
static const struct numa_spsc_options ring = { .capacity = POOL_OPEN, .padding = 128, .space = NUMA_SPSC_STRICT };

struct request {
    uint64_t row[VECTOR_BATCH];
    uint64_t query, result, from; /* `from`: the job, as it was put in */
    uint64_t begun, handed, received, held; /* in ns; `held`: between the two queues */
    int home;
    unsigned place; /* among those of its worker */
    bool waited_for; /* who received it had nothing else to do */
};
static_assert((int)GRAPH_BEST == (int)VECTOR_BATCH, "a walk finds a batch");

/* A worker's ends of the queues to and from one of the other pool. */
struct ends {
    struct numa_spsc_producer to;
    struct numa_spsc_consumer from;
};

struct desk {
    uint64_t free; /* a bit for each place of a request that is not */
    int next;      /* of the other pool, in turn */
    struct graph_walk walk;
    struct ends ends[];
};

static int others(const struct pool_case *asked, int worker)
{
    return worker < asked->first_pool ? asked->workers - asked->first_pool : asked->first_pool;
}

static size_t desk_bytes(const struct pool_case *asked, int worker)
{
    size_t bytes = sizeof(struct desk) + (size_t)others(asked, worker) * sizeof(struct ends);
    return (bytes + NUMA_SPSC_ALIGN - 1) / NUMA_SPSC_ALIGN * NUMA_SPSC_ALIGN;
}

static void plan(struct pool *pool)
{
    const struct pool_case *asked = pool->asked;
    uint64_t first = (uint64_t)asked->first_pool, second = (uint64_t)(asked->workers - asked->first_pool);
    pool->each = asked->open * TIMES > EACH ? asked->open * TIMES : EACH;
    pool->units = pool->each * first;
    pool->frame_bytes = POOL_OPEN * sizeof(struct request);
    size_t most = desk_bytes(asked, 0) + (size_t)second * numa_spsc_bytes(POOL_OPEN), more = desk_bytes(asked, asked->workers - 1) + (size_t)first * numa_spsc_bytes(POOL_OPEN);
    if (asked->load_percent > 0) {
        for (int worker = 0; worker < asked->first_pool; worker++)
            for (unsigned kind = 0; kind < POOL_KINDS; kind++) {
                unsigned seeds = pool_seeds(pool, worker, kind);
                pool->most_seeds = seeds > pool->most_seeds ? seeds : pool->most_seeds;
            }
        most += arrivals_bytes(pool);
    }
    pool->scratch_bytes = most > more ? most : more;
    pool->rows[0] = asked->bytes / second / VECTOR_BYTES;
    pool->rows[0] += pool->rows[0] == 0;
    pool->store_bytes[0] = (size_t)pool->rows[0] * VECTOR_BYTES;
    pool->rows[1] = graph_bits(asked->bytes / (VECTOR_BYTES / sizeof(struct graph_row)));
    pool->store_bytes[1] = (size_t)(((sizeof(struct graph_row) << pool->rows[1]) + first - 1) / first);
}

static void fill(const struct pool *pool, int store, const struct pool_part *part)
{
    if (store == 0)
        vectors_fill(part);
    else
        graph_fill((unsigned)pool->rows[1], part);
}

/* The queue out of a worker's own memory to the worker `to` of the other pool. */
static struct numa_spsc queue(const struct pool *pool, int from, int to)
{
    struct pool_worker *worker = pool_worker_at(pool, from);
    size_t at = desk_bytes(pool->asked, from) + (size_t)(to - pool_first(pool->asked, to)) * numa_spsc_bytes(POOL_OPEN);
    return numa_spsc_in(worker->scratch + at, &ring);
}

/* By the number of a worker of the first pool: its requests that come by the clock, behind its queues. */
static struct arrivals *arrivals_of(const struct pool *pool, int worker)
{
    size_t at = desk_bytes(pool->asked, worker) + (size_t)others(pool->asked, worker) * numa_spsc_bytes(POOL_OPEN);
    return (void *)(pool_worker_at(pool, worker)->scratch + at);
}

static bool by_the_clock(const struct pool_worker *worker)
{
    return worker->pool->asked->load_percent > 0;
}

static void seed(struct pool_worker *worker, uint64_t frame)
{
    const struct pool_case *asked = worker->pool->asked;
    struct desk *desk = (void *)worker->scratch;
    int first = worker->number < asked->first_pool ? asked->first_pool : 0;
    if (frame == 0) {
        desk->free = ~UINT64_C(0);
        for (int i = 0; i < others(asked, worker->number); i++) {
            struct numa_spsc to = queue(worker->pool, worker->number, first + i), from = queue(worker->pool, first + i, worker->number);
            desk->ends[i] = (struct ends){ numa_spsc_producer_of(&to), numa_spsc_consumer_of(&from) };
        }
    }
    if (worker->number >= asked->first_pool)
        return;
    if (!by_the_clock(worker))
        pool_seed_numbers(worker, frame);
    else if (frame == 0)
        arrivals_start(worker, arrivals_of(worker->pool, worker->number));
}

/* The batch that a walk finds: its ids, spread over the shares of the second pool. */
static void find(const struct pool *pool, const unsigned char *graph, struct graph_walk *walk, uint64_t job, struct request *request)
{
    struct graph of = { .row = (const void *)graph, .bits = (unsigned)pool->rows[1] };
    uint64_t shares = (uint64_t)pool->store[0].shares, apart = pool->store[0].share / VECTOR_BYTES;
    for (unsigned i = 0; i < pool->asked->walks; i++) /* the last one counts */
        graph_search(&of, walk, (uint32_t)pool_home(job), (uint32_t)pool_mix(job + i), GRAPH_BEST);
    for (unsigned i = 0; i < VECTOR_BATCH; i++) {
        uint64_t id = walk->found[i % walk->best].id % (pool->rows[0] * shares);
        request->row[i] = id / pool->rows[0] * apart + id % pool->rows[0];
    }
    request->query = job;
    request->home = pool_home(job);
}

/* The distances of a request, as often as it asks. */
static uint64_t distances(const struct pool *pool, const unsigned char *store, const struct request *request)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < pool->asked->batches; i++)
        result += vectors_nearest(store, request->row, request->query + i);
    return result;
}

/* A place for a request; POOL_OPEN: all are taken. */
static unsigned free_place(const struct pool_worker *worker, const struct desk *desk)
{
    unsigned place = desk->free == 0 ? POOL_OPEN : (unsigned)__builtin_ctzll(desk->free);
    return place < worker->pool->asked->open ? place : POOL_OPEN;
}

static void begin(struct pool_worker *worker, uint64_t job)
{
    struct desk *desk = (void *)worker->scratch;
    int count = others(worker->pool->asked, worker->number);
    unsigned place = free_place(worker, desk);
    struct request *request = (struct request *)(void *)worker->frame + place;
    request->begun = by_the_clock(worker) ? arrivals_begin(arrivals_of(worker->pool, pool_home(job)), job) : now_ns();
    find(worker->pool, worker->store[1], &desk->walk, arrivals_job(job), request);
    request->home = worker->number;
    request->place = place;
    request->from = job;
    desk->free &= ~(UINT64_C(1) << place);
    desk->next = (desk->next + 1) % count;
    request->handed = now_ns();
    numa_spsc_push(&desk->ends[desk->next].to, (uint64_t)(uintptr_t)request); /* there is room for all that are open */
}

static void answer(struct pool_worker *worker, struct request *request)
{
    struct desk *desk = (void *)worker->scratch;
    request->result = distances(worker->pool, worker->store[0], request);
    request->held = now_ns() - request->received;
    numa_spsc_push(&desk->ends[request->home].to, (uint64_t)(uintptr_t)request);
}

static void run(struct pool_worker *worker, uint64_t job)
{
    bool first = worker->number < worker->pool->asked->first_pool;
    struct request *request = (struct request *)(uintptr_t)job;
    pool_from(worker, first ? pool_home(job) : request->home);
    if (first)
        begin(worker, job);
    else
        answer(worker, request);
}

/* `waited`: the worker had nothing else to do when the result came. */
static void end(struct pool_worker *worker, struct desk *desk, const struct request *request, bool waited)
{
    uint64_t now = now_ns();
    histogram_add(&worker->now.histogram, now > request->begun ? now - request->begun : 0);
    if (waited && request->waited_for)
        histogram_add(&worker->now.handed, now - request->handed - request->held);
    worker->sum += request->result;
    if (by_the_clock(worker))
        arrivals_end(worker->pool, arrivals_of(worker->pool, pool_home(request->from)), request->from, request->result);
    desk->free |= UINT64_C(1) << request->place;
    pool_done(worker, 1);
}

static void take_in(struct pool_worker *worker, struct request *request, bool waited)
{
    request->waited_for = waited;
    request->received = now_ns();
    pool_put(worker, (uint64_t)(uintptr_t)request);
}

static bool receive(struct pool_worker *worker)
{
    const struct pool_case *asked = worker->pool->asked;
    struct desk *desk = (void *)worker->scratch;
    bool first = worker->number < asked->first_pool;
    for (int i = 0; i < others(asked, worker->number); i++)
        for (uint64_t item; numa_spsc_pop(&desk->ends[i].from, &item);)
            if (first)
                end(worker, desk, (const struct request *)(uintptr_t)item, worker->idle_since != 0);
            else
                take_in(worker, (struct request *)(uintptr_t)item, worker->idle_since != 0);
    if (first && by_the_clock(worker))
        arrivals_take(worker, arrivals_of(worker->pool, worker->number));
    return !first || free_place(worker, desk) < POOL_OPEN;
}

/* By one thread, as if all copies were one. */
static uint64_t alone(const struct pool *pool, uint64_t job)
{
    static struct graph_walk walk;
    struct request request;
    find(pool, pool->store[1].region[0].base, &walk, job, &request);
    return distances(pool, pool->store[0].region[0].base, &request);
}

static uint64_t serial(const struct pool *pool, unsigned kind)
{
    uint64_t sum = 0;
    for (int worker = 0; worker < pool->asked->first_pool; worker++)
        for (unsigned i = 0; i < pool_seeds(pool, worker, kind); i++)
            sum += alone(pool, pool_job(worker, pool_number_from(kind) + i));
    return sum;
}

static void judge(const struct pool *pool, struct validity *validity)
{
    for (int worker = 0; worker < pool->asked->first_pool; worker++)
        arrivals_judge(pool, worker, arrivals_of(pool, worker), alone, validity);
}

const struct pool_load pool_dispatch = {
    .name = "dispatch",
    .benchmark = "pool-dispatch",
    .two_pools = true,
    .stores = true,
    .often = 1,
    .plan = plan,
    .fill = fill,
    .seed = seed,
    .run = run,
    .receive = receive,
    .serial = serial,
    .judge = judge,
};
