/* Owns: what the jobs of `tiny` and `tree` compute, and who puts them in. Also C++: other schedulers are given the same ones (../peers). */
#ifndef AGENT_POOL_JOBS_H
#define AGENT_POOL_JOBS_H

#include <stdint.h>

/* Frames whose results differ, in turn: which workers have much to do goes round. */
enum { POOL_KINDS = 4 };

/* Jobs that a worker of `tiny` puts in, on average, and leaves of `tree` a worker. */
enum { TINY_EACH = 2048, LEAVES_EACH = 256 };
/* What a leaf computes. */
enum { LEAF_STEPS = 64 };

/* Mixes 64 bits (the finalizer of MurmurHash3, by A. Appleby, in the public domain). */
static inline uint64_t pool_mix(uint64_t x)
{
    x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

/* A job by the worker that put it in, and a number below 2^40. */
static inline uint64_t pool_job(int home, uint64_t number)
{
    return (uint64_t)(unsigned)home << 40 | number;
}

/* The numbers of a kind of frame are its own, or the same rows would be read in every frame. */
static inline uint64_t pool_number_from(uint64_t frame)
{
    return frame % POOL_KINDS << 32;
}

/*
 * Jobs that the worker of a pool puts in: in turn a quarter of the workers have more than the others, so that there is something to
 * steal. All come to workers × each.
 */
static inline unsigned pool_share(unsigned each, int workers, int worker, uint64_t frame)
{
    int turn = workers >= 4 ? 4 : workers >= 2 ? 2 : 1, kind = (int)(frame % POOL_KINDS), before = 0, hot = 0;
    for (int other = 0; other < workers; other++)
        if ((other + kind) % turn == 0) {
            before += other < worker;
            hot++;
        }
    unsigned few = turn == 1 ? 0 : each / 4, all = (unsigned)workers * each - (unsigned)(workers - hot) * few;
    if ((worker + kind) % turn != 0)
        return few;
    return all / (unsigned)hot + (before == 0 ? all % (unsigned)hot : 0);
}

static inline uint64_t tree_leaf(uint32_t number)
{
    uint64_t sum = number;
    for (int i = 0; i < LEAF_STEPS; i++)
        sum = pool_mix(sum + 1);
    return sum;
}

#endif
