/*
 * Owns: a graph of ids as an index for nearest neighbours has it, and the walk over it: best first, with a bounded list of the best, as
 * in Y. Malkov and D. Yashunin, "Efficient and robust approximate nearest neighbor search using HNSW" (2018), on its lowest layer.
 *
 * Keys lie on a ring, and what is near there is anywhere in memory. An id has links to its neighbours on the ring and to some at all
 * distances, as in J. Kleinberg's small worlds (2000); to hold an id against the target its row has to be read.
 */
#ifndef AGENT_POOL_GRAPH_H
#define AGENT_POOL_GRAPH_H

#include "pool_memory.h"

#include <stddef.h>
#include <stdint.h>

enum { GRAPH_LINKS = 15, GRAPH_BEST = 128 };

/* A line. */
struct graph_row {
    uint32_t key;
    uint32_t link[GRAPH_LINKS];
};

struct graph {
    const struct graph_row *row; /* 2^bits */
    unsigned bits;
};

/* What a walk remembers; zeroed once, it is used again and again. */
enum { VISITED = 4096 };
struct graph_walk {
    uint64_t visited[VISITED]; /* number of the walk, and the id */
    uint32_t number;
    unsigned visits;
    unsigned best; /* in use of the following, the nearest first */
    struct graph_found {
        uint32_t distance, id;
        uint32_t expanded;
    } found[GRAPH_BEST];
};

/* The bits of the largest graph in so many bytes. */
unsigned graph_bits(uint64_t bytes);
void graph_fill(unsigned bits, const struct pool_part *part);
/* Leaves the nearest ids to the target in `walk`, at most `most`. */
void graph_search(const struct graph *graph, struct graph_walk *walk, uint32_t from, uint32_t target, unsigned most);
/* One figure for what was found. */
uint64_t graph_result(const struct graph_walk *walk);

#endif
