/*
 * Owns: requests that come by the clock, whether or not there is room for them: to a worker its own, at random times of a turn, in turn to
 * some workers more than to others. Each waits in a place until a worker begins it; one that finds every place taken is dropped, and
 * counted. Its time counts from when it was to come: a worker that looks late at the clock makes it longer, not shorter.
 *
 * All of it lies in the memory of the worker whose requests they are. A place is taken by that worker alone, and given back by whoever
 * begins the request; an answer is written by whoever ends one, and the first of each number stays.
 */
#ifndef AGENT_POOL_ARRIVALS_H
#define AGENT_POOL_ARRIVALS_H

#include "pool.h"

struct arrivals;

size_t arrivals_bytes(const struct pool *pool);
/* `arrivals`: zeroed memory of so many bytes. */
void arrivals_start(struct pool_worker *worker, struct arrivals *arrivals);
/* By the worker: puts in what has come by now. When the time is over nothing comes any more. */
void arrivals_take(struct pool_worker *worker, struct arrivals *arrivals);
/* By whoever begins the request of that job: when it was to come. */
uint64_t arrivals_begin(struct arrivals *arrivals, uint64_t job);
/* By whoever ends it. */
void arrivals_end(const struct pool *pool, struct arrivals *arrivals, uint64_t job, uint64_t result);
/* The job as its result depends on it: without its place. */
uint64_t arrivals_job(uint64_t job);
/* Holds every answer of the worker against what one thread gets, once it has worked that out. */
void arrivals_judge(const struct pool *pool, int worker, struct arrivals *arrivals, uint64_t (*alone)(const struct pool *pool, uint64_t job),
                    struct validity *validity);

#endif
