/*
 * Owns: what one thread of a memory measurement works on: its share of the buffer, which it brings in and fills itself before all set
 * off together, and what it did there.
 */
#ifndef AGENT_MEMORY_SHARE_H
#define AGENT_MEMORY_SHARE_H

#include "team.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct region;
struct stream_kernel;

struct memory_share {
    const struct region *region;
    size_t offset, bytes;
    bool last; /* brings in what the region has behind it, too */
    /* What moves bytes; NULL: dependent loads. */
    const struct stream_kernel *kernel;
    /* After every 4 KiB, so that others see less load. 0: none. */
    uint64_t pause_ns;
    uint64_t sum;  /* of all that a pass reads, when it is right */
    bool lacks;    /* its pages could not be had */
    bool wrong;    /* the kernel's result is not what it should be */
    uint64_t done; /* in the measured time: dependent loads, or bytes moved */
};

/* The four below are the work of a team's thread, whose `benchmark` is its share. */
void chase_prepare(struct worker_thread *thread);
void chase_work(struct worker_thread *thread);
void stream_prepare(struct worker_thread *thread);
void stream_work(struct worker_thread *thread);

/* Brings in the share's pages. False: they could not be had, which the share then says. */
bool share_bring_in(struct memory_share *share);

#endif
