/*
 * Owns: the two ways to load memory. Chase: dependent loads through the whole buffer in random order, the time of one
 * load. Triad: a[i] = b[i] + s * c[i] over three arrays, the bytes moved, counted as STREAM counts them.
 */
#ifndef AGENT_MEMORY_KERNELS_H
#define AGENT_MEMORY_KERNELS_H

#include <stddef.h>
#include <stdint.h>

struct worker_thread;
struct validity;

/* Bytes between the loads of a chase: no hardware prefetcher brings in the neighbour's line along. */
enum { CHASE_STRIDE = 256 };
/* Bytes an element of a triad counts for: two read, one written (a write-allocate is not counted). */
enum { TRIAD_BYTES = 3 * sizeof(double) };

struct kernel_run {
    unsigned char *memory;
    size_t bytes;
    uint64_t done; /* in the measured time: loads of a chase, elements of a triad */
};

void chase_build(struct kernel_run *run);
void chase_work(struct worker_thread *thread);
void triad_build(struct kernel_run *run);
void triad_work(struct worker_thread *thread);
/* Every element must be the sum it should be; some are looked at. */
void triad_judge(const struct kernel_run *run, struct validity *validity);

#endif
