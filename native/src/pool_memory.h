/*
 * Owns: memory that the workers of a pool share out among themselves: brought in by whose touch, and what came of it. Every worker has
 * an equal share, in whole pages; of replicated memory each node has a whole copy.
 */
#ifndef AGENT_POOL_MEMORY_H
#define AGENT_POOL_MEMORY_H

#include "pages.h"
#include "pool_case.h"

#include <stdatomic.h>
#include <stddef.h>

struct validity;

struct pool_memory {
    const struct pool_case *asked;
    enum pool_touch touch;
    int first, shares; /* the worker of the first one, and how many */
    size_t share; /* bytes */
    struct region *region; /* one, or a copy each */
    int *toucher;          /* of each: the share whose worker touches it */
    int regions;
    _Atomic(bool) lacks; /* not all pages could be had */
};

/* A part that one worker brings in and fills. */
struct pool_part {
    unsigned char *base; /* of its region */
    size_t from, to;
};

/* Ends with the right error where that much could not be had now, by workers `first` … `end` − 1. Nothing is mapped. */
void pool_memory_check(const struct pool_case *asked, int first, int end, size_t each, enum pool_touch touch, struct pages pages);
/* Maps it, without a page: shares of `each` bytes at least. */
void pool_memory_map(struct pool_memory *memory, const struct pool_case *asked, int first, int end, size_t each, enum pool_touch touch, struct pages pages);
/* By the worker of the share, on its CPU: brings in what it is the one to touch. False: nothing is. */
bool pool_memory_bring_in(struct pool_memory *memory, int share, struct pool_part *part);
/* The memory as a worker reads it: its node's copy, where there are several. */
unsigned char *pool_memory_for(const struct pool_memory *memory, int worker);
/* Where its pages lie, added to `sum`; what is not as asked for is a reason against the repetition. Ends the process where they lacked. */
void pool_memory_judge(const struct pool_memory *memory, struct found *sum, bool first, struct validity *validity);
void pool_memory_unmap(struct pool_memory *memory);

#endif
