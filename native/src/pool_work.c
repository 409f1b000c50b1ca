/* Owns: what a worker does between start and end: its memory, frames, its own jobs and those of others, and what it counts. */
#include "clock.h"
#include "pool.h"

#include <sched.h>
#include <string.h>

/* Turns between looks at the phase, of short jobs and of long ones: one of these may take ms where a CPU is played in software. */
enum { SHORT_TURNS = 512, LONG_TURNS = 1 };
/* Fruitless rounds of stealing before the CPU is given away: somebody else may be waiting for it. */
enum { PATIENCE = 64 };
/*
 * A worker that found nothing for so many slow jobs' time looks once in a while only: where a host has fewer CPUs than it claims, those
 * that look take them from those that work.
 */
enum { LONG_IDLE = 10 };
#define NAP_NS 200000
/* A frame of which nothing gets done for so long has lost a job. */
#define LOST_NS (60 * NS_PER_SECOND)

static size_t whole_lines(size_t bytes)
{
    return (bytes + 255) / 256 * 256;
}

int64_t pool_capacity(const struct pool *pool)
{
    int64_t capacity = 64;
    while (capacity < (int64_t)pool->each * 8)
        capacity *= 2;
    return capacity;
}

size_t pool_arena_bytes(const struct pool *pool)
{
    return whole_lines(sizeof(struct pool_worker)) + whole_lines(deque_bytes(pool_capacity(pool))) + whole_lines(pool->frame_bytes) + whole_lines(pool->scratch_bytes);
}

struct pool_worker *pool_worker_at(const struct pool *pool, int number)
{
    return (struct pool_worker *)(void *)(pool->arena.region[0].base + pool->arena.share * (size_t)number);
}

static void init(struct pool *pool, int number)
{
    struct pool_worker *worker = pool_worker_at(pool, number);
    unsigned char *at = (unsigned char *)worker + whole_lines(sizeof *worker);
    memset(worker, 0, pool_arena_bytes(pool));
    worker->pool = pool;
    worker->number = number;
    worker->node = pool->asked->node[number];
    worker->victim = pool->asked->order->victim[number];
    worker->victims = pool->asked->order->victims[number];
    worker->random = pool_mix((uint64_t)number + 1) | 1;
    worker->ns_per_tick = 1;
    worker->slow_ticks = POOL_SLOW_NS;
    deque_init(&worker->deque, at, pool_capacity(pool));
    at += whole_lines(deque_bytes(pool_capacity(pool)));
    worker->frame = worker->frame_at = at;
    at += whole_lines(pool->frame_bytes);
    worker->frame_end = worker->frame + pool->frame_bytes;
    worker->scratch = at;
}

void pool_prepare(struct worker_thread *thread)
{
    struct pool *pool = thread->benchmark;
    const struct pool_case *asked = pool->asked;
    int number = (int)(thread - pool->thread);
    struct pool_part part;
    if (pool_memory_bring_in(&pool->arena, number, &part))
        for (size_t at = part.from; at < part.to; at += pool->arena.share)
            init(pool, (int)(at / pool->arena.share));
    for (int store = 0; store < 2; store++)
        if (pool->store_bytes[store] > 0 && number >= pool_store_first(asked, store) && number < pool_store_end(asked, store) &&
            pool_memory_bring_in(&pool->store[store], number - pool_store_first(asked, store), &part))
            asked->load->fill(pool, store, &part);
}

unsigned pool_seeds(const struct pool *pool, int worker, uint64_t frame)
{
    int first = pool_first(pool->asked, worker);
    return pool_share(pool->each, pool_end(pool->asked, worker) - first, worker - first, frame);
}

void pool_seed_numbers(struct pool_worker *worker, uint64_t frame)
{
    unsigned seeds = pool_seeds(worker->pool, worker->number, frame);
    for (unsigned i = 0; i < seeds; i++)
        pool_put(worker, pool_job(worker->number, pool_number_from(frame) + i));
}

static uint64_t idle_until(const struct pool_worker *worker)
{
    return worker->idle_since == 0 ? 0 : ticks_now(&worker->ticks);
}

static void end_idle_at(struct pool_worker *worker, uint64_t until)
{
    if (worker->idle_since != 0)
        worker->now.idle += until - worker->idle_since;
    worker->idle_since = 0;
    worker->fruitless = 0;
    worker->searching = false;
}

static void end_idle(struct pool_worker *worker)
{
    end_idle_at(worker, idle_until(worker));
}

static void look(struct pool_worker *worker)
{
    bool idle = worker->idle_since != 0;
    /* Before the look: a worker that loses its CPU behind it would have been idle for longer than what is measured takes. */
    uint64_t until = idle_until(worker);
    enum phase phase = worker_thread_look(worker->thread);
    if (phase == worker->phase)
        return;
    end_idle_at(worker, until);
    if (phase == PHASE_MEASURE) {
        worker->ns_per_tick = ticks_in_ns(&worker->ticks);
        worker->slow_ticks = (uint64_t)(POOL_SLOW_NS / worker->ns_per_tick);
        worker->ticks = ticks_start();
    } else if (worker->phase == PHASE_MEASURE) {
        worker->counted = worker->now;
        worker->ns_per_tick = ticks_in_ns(&worker->ticks); /* of this very time: the clocks of an emulated CPU drift apart */
    }
    memset(&worker->now, 0, sizeof worker->now);
    worker->idle_since = idle ? ticks_now(&worker->ticks) : 0;
    worker->phase = phase;
}

static void poll_job(struct pool_worker *worker, uint64_t job)
{
    const struct pool_load *load = worker->pool->asked->load;
    if (++worker->now.polls % load->often != 0) {
        load->run(worker, job);
        return;
    }
    uint64_t start = ticks_now(&worker->ticks);
    load->run(worker, job);
    uint64_t took = ticks_now(&worker->ticks) - start;
    worker->now.timed++;
    worker->now.slow += took > worker->slow_ticks;
    if (!load->two_pools) /* there it is of whole requests */
        histogram_add(&worker->now.histogram, (uint64_t)((double)took * worker->ns_per_tick + 0.5));
}

void pool_put(struct pool_worker *worker, uint64_t job)
{
    if (!deque_push(&worker->deque, job))
        poll_job(worker, job);
}

void *pool_allocate(struct pool_worker *worker, size_t bytes)
{
    unsigned char *at = worker->frame_at;
    if ((size_t)(worker->frame_end - at) < bytes)
        return NULL;
    worker->frame_at = at + bytes;
    worker->now.allocations++;
    return at;
}

/* Xorshift (G. Marsaglia 2003). */
static uint64_t next_random(struct pool_worker *worker)
{
    uint64_t x = worker->random;
    x ^= x << 13;
    x ^= x >> 7;
    return worker->random = x ^ x << 17;
}

/* Its own: the last one, whose data are still near; of requests that come by the clock the one that has waited longest. */
static bool own_job(struct pool_worker *worker, uint64_t *job)
{
    return worker->pool->asked->load_percent == 0 ? deque_pop(&worker->deque, job) : deque_steal(&worker->deque, job) == STOLEN_ITEM;
}

/* Once round its victims. */
static bool steal(struct pool_worker *worker, uint64_t *job)
{
    bool random = worker->pool->asked->random;
    worker->now.searches += !worker->searching && worker->victims > 0;
    worker->searching = true;
    for (int i = 0; i < worker->victims; i++) {
        const struct pool_victim *victim = &worker->victim[random ? next_random(worker) % (uint64_t)worker->victims : (uint64_t)i];
        worker->now.tried[victim->class]++;
        if (deque_steal(&pool_worker_at(worker->pool, victim->worker)->deque, job) == STOLEN_ITEM) {
            worker->now.got[victim->class]++;
            return true;
        }
    }
    return false;
}

/* Units of all frames up to this one; what comes by the clock is one frame, whose units are known when nothing comes any more. */
static uint64_t units_due(const struct pool *pool, uint64_t frame)
{
    uint64_t sum = 0;
    if (pool->asked->load_percent == 0)
        return frame * pool->units;
    for (int i = 0; i < pool->asked->first_pool; i++) {
        uint64_t due = atomic_load_explicit(&pool_worker_at(pool, i)->due, memory_order_acquire);
        if (due == 0)
            return UINT64_MAX;
        sum += due - 1;
    }
    return sum;
}

/* By the first worker, when it has nothing to do: whether all others have told of the last unit. */
static void find_end(struct pool *pool, uint64_t frame)
{
    uint64_t due = units_due(pool, frame), told = 0, now = now_ns();
    for (int i = 0; i < pool->asked->workers; i++)
        told += atomic_load_explicit(&pool_worker_at(pool, i)->units_told, memory_order_acquire);
    if (told != pool->told || pool->told_ns == 0 || due == UINT64_MAX) {
        pool->told = told;
        pool->told_ns = now;
    }
    if (told < due && now - pool->told_ns < LOST_NS)
        return;
    pool->short_of += told != due;
    atomic_store_explicit(&pool->signal.done, frame, memory_order_release);
}

static void rest(struct pool_worker *worker)
{
    if (++worker->fruitless < PATIENCE) {
        relax();
        return;
    }
    if (worker->idle_since != 0 && ticks_now(&worker->ticks) - worker->idle_since > LONG_IDLE * worker->slow_ticks)
        sleep_until(now_ns() + NAP_NS);
    else
        sched_yield(); /* which may have taken long */
    look(worker);
}

static void run_frame(struct pool_worker *worker, uint64_t frame)
{
    struct pool *pool = worker->pool;
    const struct pool_load *load = pool->asked->load;
    unsigned turns = load->often == 1 ? LONG_TURNS : SHORT_TURNS;
    for (;;) {
        uint64_t job;
        if (++worker->turns % turns == 0)
            look(worker);
        bool more = load->receive == NULL || load->receive(worker);
        if (more && (own_job(worker, &job) || steal(worker, &job))) {
            end_idle(worker);
            poll_job(worker, job);
            continue;
        }
        if (worker->idle_since == 0)
            worker->idle_since = ticks_now(&worker->ticks);
        atomic_store_explicit(&worker->units_told, worker->units, memory_order_release);
        if (worker->number == 0)
            find_end(pool, frame);
        if (atomic_load_explicit(&pool->signal.done, memory_order_acquire) >= frame)
            break;
        rest(worker);
    }
}

/* By the first worker, when all have ended the frame: holds its results against those of the first of its kind. */
static void conclude(struct pool *pool, uint64_t frame)
{
    uint64_t sum = 0;
    for (int i = 0; i < pool->asked->workers; i++)
        sum += atomic_load_explicit(&pool_worker_at(pool, i)->sum_told, memory_order_relaxed);
    unsigned kind = (unsigned)((frame - 1) % POOL_KINDS);
    pool->frames++;
    if (pool->asked->load_percent > 0)
        return; /* its requests are judged one by one */
    pool->unlike += pool->seen[kind] && pool->sum[kind] != sum;
    if (!pool->seen[kind])
        pool->sum[kind] = sum;
    pool->seen[kind] = true;
}

/* Ends a frame, and waits until the next one begins, or none does. */
static bool next_frame(struct pool_worker *worker, uint64_t frame)
{
    struct pool *pool = worker->pool;
    atomic_store_explicit(&worker->sum_told, worker->sum, memory_order_relaxed);
    atomic_store_explicit(&worker->arrived, frame, memory_order_release);
    if (worker->number == 0) {
        for (int i = 1; i < pool->asked->workers; i++)
            while (atomic_load_explicit(&pool_worker_at(pool, i)->arrived, memory_order_acquire) < frame)
                rest(worker);
        conclude(pool, frame);
        look(worker);
        atomic_store_explicit(&pool->signal.over, worker->phase == PHASE_STOP, memory_order_relaxed);
        atomic_store_explicit(&pool->signal.frame, frame + 1, memory_order_release);
    }
    while (atomic_load_explicit(&pool->signal.frame, memory_order_acquire) <= frame)
        rest(worker);
    return !atomic_load_explicit(&pool->signal.over, memory_order_relaxed);
}

void pool_work(struct worker_thread *thread)
{
    struct pool *pool = thread->benchmark;
    const struct pool_case *asked = pool->asked;
    if (atomic_load(&pool->arena.lacks) || atomic_load(&pool->store[0].lacks) || atomic_load(&pool->store[1].lacks))
        return;
    struct pool_worker *worker = pool_worker_at(pool, (int)(thread - pool->thread));
    worker->thread = thread;
    worker->ticks = ticks_start();
    for (int store = 0; store < 2; store++)
        if (pool->store_bytes[store] > 0)
            worker->store[store] = pool_memory_for(&pool->store[store], worker->number);
    uint64_t frame = 1;
    do {
        end_idle(worker);
        worker->frame_at = worker->frame;
        worker->sum = 0;
        asked->load->seed(worker, frame - 1);
        run_frame(worker, frame);
    } while (next_frame(worker, frame++));
    while (worker->phase != PHASE_STOP)
        look(worker);
    end_idle(worker);
}
