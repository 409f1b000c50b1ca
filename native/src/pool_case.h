/* Owns: what a case of the command `pool` asks for, the steal orders that its cases name, and the check that this host can give it. */
#ifndef AGENT_POOL_CASE_H
#define AGENT_POOL_CASE_H

#include "cpuset.h"
#include "pages.h"
#include "pool_jobs.h"

#include <stdbool.h>
#include <stdint.h>

struct pool_load;

/* Of distance between a thief and its victim; what each stands for is known to whoever gave the order. */
enum { POOL_CLASSES = 16 };
enum { POOL_WORKERS = 512 };
/* Requests that a worker has under way at most. */
enum { POOL_OPEN = 64 };

struct pool_victim {
    uint16_t worker;
    uint8_t class;
};

/* Whom each worker steals from, in turn: every list names other workers, each once. */
struct pool_order {
    struct pool_victim **victim; /* by worker */
    int *victims;
    int workers;
};

/*
 * Whose first touch brings memory in, where nothing binds it. WORKER: each worker's share by that worker. MAIN: all by the first one.
 * REPLICATE: a copy of what is only read on each node of the workers, the rest as WORKER.
 */
enum pool_touch { TOUCH_WORKER, TOUCH_MAIN, TOUCH_INTERLEAVE, TOUCH_BIND, TOUCH_REPLICATE };

struct pool_case {
    const struct pool_load *load;
    int *cpu; /* a worker on each */
    int *node, *near; /* of its CPU, and the one it gets memory of; -1: of none */
    int workers;
    int first_pool; /* so many of them are a pool of their own, which hands over to the others; 0: there is one pool */
    /* Of two pools: requests under way a worker of the first one, those that wait there at most, and what one is made of. */
    unsigned open, queue, walks, batches;
    /* Percent of what the base serves, that come by the clock; 0: there is always a next request. And how many a second that is. */
    unsigned load_percent;
    double offered;
    const struct pool_order *order;
    bool random; /* any of its victims at a time, not one after the other */
    enum pool_touch touch;
    struct cpuset nodes_asked; /* of TOUCH_BIND: one, or several to interleave over */
    struct pages pages; /* of two pools those of the second one's store; the first one has the kernel's own */
    size_t bytes; /* of what is stored */
    /* What the results of a frame of each kind come to, once one thread has worked it out. */
    bool known[POOL_KINDS];
    uint64_t due[POOL_KINDS];
    uint64_t *due_alone; /* of each request that comes by the clock, where it is known; 0: it is not */
};

/* "1+2/0+2/0+1", or with classes "0:1+2:2/0:0+2:2/2:0+1"; a class holds until the next one. Ends with `usage` for anything else. */
struct pool_order pool_order_parse(char *text);
/* Ends with the right error where this host cannot give what is asked for. */
struct pool_case pool_case_parse(char *text, const struct pool_order *orders, int count);

#endif
