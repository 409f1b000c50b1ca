/* Owns: see pool_arrivals.h. */
#include "pool_arrivals.h"
#include "clock.h"
#include "validity.h"

#include <assert.h>
#include <stdlib.h>

/* Of a job's number: which of the turn's it is, above that its place, above that the kind of the turn. */
enum { PLACE_AT = 16, PLACES = 64 };
static_assert((int)PLACES >= (int)POOL_OPEN, "as many may wait as be under way");
/* A turn is measured in parts of 2^32. */
#define PARTS 4294967296.0

struct arrivals {
    _Atomic(uint64_t) planned[PLACES]; /* by place, when its request was to come; 0: it is free */
    _Atomic(uint64_t) unlike;          /* answers other than the first to the same */
    uint64_t begun_ns, turn, random, came; /* the first turn, the one that runs, and the requests of all */
    double turn_ns;
    unsigned count, next; /* of this turn's requests */
    uint32_t *when;       /* in this turn, the first one first */
    _Atomic(uint64_t) answer[]; /* by kind and number; 0: none yet */
};

size_t arrivals_bytes(const struct pool *pool)
{
    return sizeof(struct arrivals) + pool->most_seeds * (POOL_KINDS * sizeof(_Atomic(uint64_t)) + sizeof(uint32_t));
}

static int earlier(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
    return one < two ? -1 : one > two;
}

static void begin_turn(const struct pool_worker *worker, struct arrivals *arrivals, uint64_t turn)
{
    arrivals->turn = turn;
    arrivals->next = 0;
    arrivals->count = pool_seeds(worker->pool, worker->number, turn);
    for (unsigned i = 0; i < arrivals->count; i++)
        arrivals->when[i] = (uint32_t)(arrivals->random = pool_mix(arrivals->random + 1));
    qsort(arrivals->when, arrivals->count, sizeof *arrivals->when, earlier);
}

void arrivals_start(struct pool_worker *worker, struct arrivals *arrivals)
{
    const struct pool *pool = worker->pool;
    arrivals->when = (uint32_t *)(void *)(arrivals->answer + pool->most_seeds * POOL_KINDS);
    arrivals->turn_ns = (double)pool->each * pool->asked->first_pool / pool->asked->offered * (double)NS_PER_SECOND;
    arrivals->random = (uint64_t)worker->number + 1; /* the same requests in every repetition, and in every case of as many workers */
    arrivals->begun_ns = now_ns();
    begin_turn(worker, arrivals, 0);
}

/* A free place; PLACES: those it may have are taken. */
static unsigned free_place(const struct pool_case *asked, struct arrivals *arrivals)
{
    unsigned place = 0;
    while (place < asked->queue && atomic_load_explicit(&arrivals->planned[place], memory_order_acquire) != 0)
        place++;
    return place < asked->queue ? place : PLACES;
}

static void come(struct pool_worker *worker, struct arrivals *arrivals, unsigned number, uint64_t planned)
{
    unsigned place = free_place(worker->pool->asked, arrivals);
    worker->now.arrived++;
    if (place == PLACES) {
        worker->now.dropped++;
        return;
    }
    atomic_store_explicit(&arrivals->planned[place], planned, memory_order_relaxed); /* told by the deque, with the job */
    arrivals->came++;
    pool_put(worker, pool_job(worker->number, pool_number_from(arrivals->turn) | (uint64_t)place << PLACE_AT | number));
}

void arrivals_take(struct pool_worker *worker, struct arrivals *arrivals)
{
    if (worker->phase == PHASE_STOP) {
        atomic_store_explicit(&worker->due, arrivals->came + 1, memory_order_release);
        return;
    }
    for (uint64_t now = now_ns();;) {
        while (arrivals->next == arrivals->count)
            begin_turn(worker, arrivals, arrivals->turn + 1);
        double at = ((double)arrivals->turn + arrivals->when[arrivals->next] / PARTS) * arrivals->turn_ns;
        uint64_t planned = arrivals->begun_ns + (uint64_t)at;
        if (planned > now)
            return;
        come(worker, arrivals, arrivals->next, planned);
        arrivals->next++;
    }
}

uint64_t arrivals_begin(struct arrivals *arrivals, uint64_t job)
{
    return atomic_exchange_explicit(&arrivals->planned[pool_number(job) >> PLACE_AT & (PLACES - 1)], 0, memory_order_acq_rel);
}

uint64_t arrivals_job(uint64_t job)
{
    return job & ~((uint64_t)(PLACES - 1) << PLACE_AT);
}

static size_t answer_of(const struct pool *pool, uint64_t job)
{
    uint64_t number = pool_number(job), kind = number >> 32;
    return (size_t)kind * pool->most_seeds + (number & ((1u << PLACE_AT) - 1));
}

void arrivals_end(const struct pool *pool, struct arrivals *arrivals, uint64_t job, uint64_t result)
{
    uint64_t before = 0;
    if (!atomic_compare_exchange_strong_explicit(&arrivals->answer[answer_of(pool, job)], &before, result, memory_order_relaxed, memory_order_relaxed) &&
        before != result)
        atomic_fetch_add_explicit(&arrivals->unlike, 1, memory_order_relaxed);
}

void arrivals_judge(const struct pool *pool, int worker, struct arrivals *arrivals, uint64_t (*alone)(const struct pool *pool, uint64_t job),
                    struct validity *validity)
{
    struct pool_case *asked = pool->judged;
    size_t each = pool->most_seeds * POOL_KINDS;
    uint64_t unlike = atomic_load(&arrivals->unlike);
    if (asked->due_alone == NULL && (asked->due_alone = calloc(each * (size_t)asked->first_pool, sizeof *asked->due_alone)) == NULL)
        abort();
    for (size_t i = 0; i < each; i++) {
        uint64_t answer = atomic_load_explicit(&arrivals->answer[i], memory_order_relaxed), *due = &asked->due_alone[each * (size_t)worker + i];
        if (answer != 0 && *due == 0)
            *due = alone(pool, pool_job(worker, (uint64_t)(i / pool->most_seeds) << 32 | i % pool->most_seeds));
        unlike += answer != 0 && answer != *due;
    }
    if (unlike > 0)
        invalidate(validity, "%llu requests had other results than one thread gets", (unsigned long long)unlike);
}
