/*
 * Owns: what the parts of the pool benchmark share. pool.c runs the rounds and writes the lines, pool_work.c is what a worker does
 * between start and end, each pool_load_*.c is a kind of work or two.
 *
 * Work comes in frames. A frame is a known set of jobs: every worker puts its own into its deque and works until the whole frame is
 * done; then all meet, the results of the frame are held against those of the first of its kind, and the next begins. The frame that
 * runs when the time is up is worked to its end, uncounted: so each job of each frame is accounted for, whatever is measured.
 */
#ifndef AGENT_POOL_H
#define AGENT_POOL_H

#include "histogram.h"
#include "pool_case.h"
#include "pool_deque.h"
#include "pool_jobs.h"
#include "pool_memory.h"
#include "team.h"
#include "ticks.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A poll that takes longer keeps others waiting. */
#define POOL_SLOW_NS 1000000

struct pool;
struct pool_worker;
struct validity;

struct pool_load {
    const char *name, *benchmark;
    bool two_pools; /* the first pool hands over to the second, and has a second store */
    bool stores;    /* there is something beside the workers' own memory; only that can be replicated */
    unsigned often; /* one poll in so many is timed: reading the clock takes as long as a small job */
    /* Sets what a frame and its memory come to, of a case alone. */
    void (*plan)(struct pool *pool);
    /* Fills a part of a store; NULL: nothing is stored. */
    void (*fill)(const struct pool *pool, int store, const struct pool_part *part);
    /* Puts in what a worker has at the beginning of a frame, 0 the first. */
    void (*seed)(struct pool_worker *worker, uint64_t frame);
    /* Does a job, or a part of it. */
    void (*run)(struct pool_worker *worker, uint64_t job);
    /* Takes in what was handed over; false: there is to be no further job until more came. NULL: nothing is handed over. */
    bool (*receive)(struct pool_worker *worker);
    /* What the results of a frame of this kind come to, worked out by one thread. */
    uint64_t (*serial)(const struct pool *pool, unsigned kind);
    /* Of requests that come by the clock: holds each result against one thread's. NULL: none come. */
    void (*judge)(const struct pool *pool, struct validity *validity);
};

extern const struct pool_load pool_tiny, pool_tree, pool_traversal, pool_distance, pool_sparse, pool_dispatch;
const struct pool_load *pool_load_named(const char *name);

/* By one worker in the measured time; times are in ticks. */
struct pool_counts {
    uint64_t units; /* of the frame: what the figure counts */
    uint64_t polls, timed, slow;
    uint64_t searches; /* for a job elsewhere, from when its own were done until it had one again */
    uint64_t tried[POOL_CLASSES], got[POOL_CLASSES];
    uint64_t local, remote; /* jobs from a worker of its node, and from others */
    uint64_t idle;
    uint64_t allocations, allocations_timed, allocation;
    uint64_t arrived, dropped; /* requests that came by the clock, and those of them that found no place to wait */
    struct histogram histogram, handed; /* `handed`: of the way to the other pool and back, between two that were waiting */
};

/* Lies in the worker's own memory; what others write or read often is on lines of its own. */
struct pool_worker {
    struct pool *pool;
    struct worker_thread *thread;
    int number, node;
    const struct pool_victim *victim;
    int victims;
    uint64_t random;
    struct ticks ticks;
    double ns_per_tick;
    uint64_t slow_ticks;
    enum phase phase;       /* last seen */
    unsigned turns, fruitless;
    bool searching;
    uint64_t idle_since;    /* 0: it is not */
    uint64_t units;         /* of all frames, done by it */
    uint64_t sum;           /* of its results in this frame */
    unsigned char *frame, *frame_at, *frame_end; /* for jobs; given back as a whole when a frame ends */
    unsigned char *scratch; /* of the load */
    unsigned char *store[2]; /* as this worker reads them */
    struct pool_counts now, counted; /* until the time was up */
    struct pool_deque deque;
    _Alignas(DEQUE_APART) _Atomic(uint64_t) units_told; /* as of when it last had nothing to do */
    _Atomic(uint64_t) sum_told, arrived;                /* frames it has ended */
    _Atomic(uint64_t) due; /* units it has put in by the clock, and 1, once no more come; 0 before */
};

/* How the workers are told of frames: lines that are written once a frame. */
struct pool_signal {
    _Alignas(256) _Atomic(uint64_t) frame; /* begun */
    _Atomic(bool) over;
    _Alignas(256) _Atomic(uint64_t) done;
};

struct pool {
    const struct pool_case *asked;
    struct pool_case *judged; /* the same, which remembers what one thread got */
    /* Of the load's plan. */
    uint64_t units;   /* of a frame */
    unsigned each;    /* jobs that a worker puts in, on average */
    unsigned most_seeds; /* of a worker that gets requests by the clock, in a turn */
    size_t frame_bytes, scratch_bytes; /* of a worker */
    size_t store_bytes[2];             /* the share of a worker; 0: there is none */
    uint64_t rows[2];                  /* in it */
    /* Of the command. */
    struct worker_thread *thread;
    struct pool_memory arena, store[2];
    struct pool_signal signal;
    /* By the first worker. */
    uint64_t frames, unlike; /* done, and those whose results were not those of the first of their kind */
    uint64_t short_of;       /* frames that ended with other than all their units */
    bool seen[POOL_KINDS];
    uint64_t sum[POOL_KINDS];
    uint64_t told, told_ns; /* units at the last look, and when that last changed */
};

/* The pool that a worker is of: its first worker, and the one behind its last. */
static inline int pool_first(const struct pool_case *asked, int worker)
{
    return worker < asked->first_pool ? 0 : asked->first_pool;
}
static inline int pool_end(const struct pool_case *asked, int worker)
{
    return worker < asked->first_pool ? asked->first_pool : asked->workers;
}
/* Whose shares a store is in: the second one of two pools is the first pool's. */
static inline int pool_store_first(const struct pool_case *asked, int store)
{
    return asked->first_pool > 0 && store == 1 ? 0 : asked->first_pool;
}
static inline int pool_store_end(const struct pool_case *asked, int store)
{
    return asked->first_pool > 0 && store == 1 ? asked->first_pool : asked->workers;
}

/* What is asked of a store holds for the first one; the second is also read alone where there are two pools. */
static inline enum pool_touch pool_store_touch(const struct pool_case *asked, int store)
{
    bool own = store == 0 || asked->touch < TOUCH_BIND || (asked->touch == TOUCH_REPLICATE && asked->load->two_pools);
    return own ? asked->touch : TOUCH_WORKER;
}
/* Where nothing is stored it is the workers' own memory that is asked for. */
static inline enum pool_touch pool_arena_touch(const struct pool_case *asked)
{
    return asked->load->stores && asked->touch >= TOUCH_BIND ? TOUCH_WORKER : asked->touch;
}
static inline struct pages pool_arena_pages(const struct pool_case *asked)
{
    return asked->load->stores ? pages_base() : asked->pages;
}

static inline struct pages pool_store_pages(const struct pool_case *asked, int store)
{
    return asked->load->two_pools && store == 1 ? pages_base() : asked->pages;
}

/* Slots of a deque, and the bytes of a worker's own memory. */
int64_t pool_capacity(const struct pool *pool);
size_t pool_arena_bytes(const struct pool *pool);
struct pool_worker *pool_worker_at(const struct pool *pool, int number);

/* What a thread of the team does: its memory, then frame after frame. `thread->benchmark` is the pool. */
void pool_prepare(struct worker_thread *thread);
void pool_work(struct worker_thread *thread);

/* Jobs that a worker puts in (pool_share). */
unsigned pool_seeds(const struct pool *pool, int worker, uint64_t frame);
/* Puts a job where others can steal it; where there is no room it is done at once. */
void pool_put(struct pool_worker *worker, uint64_t job);
/* Memory for a job; NULL: the frame's is used up. */
void *pool_allocate(struct pool_worker *worker, size_t bytes);
/* A unit of the frame is done. */
static inline void pool_done(struct pool_worker *worker, uint64_t units)
{
    worker->units += units;
    worker->now.units += units;
}
/* A job lay with that worker. */
static inline void pool_from(struct pool_worker *worker, int home)
{
    if (worker->pool->asked->node[home] == worker->node)
        worker->now.local++;
    else
        worker->now.remote++;
}

static inline int pool_home(uint64_t job)
{
    return (int)(job >> 40);
}
static inline uint64_t pool_number(uint64_t job)
{
    return job & ((UINT64_C(1) << 40) - 1);
}
void pool_seed_numbers(struct pool_worker *worker, uint64_t frame);

#endif
