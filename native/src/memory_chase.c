/*
 * Owns: dependent loads through a share of the buffer in random order, one a cache line: the time of one is the latency of random
 * access. Every line is used, so that a buffer fills a cache when it is as large as the cache.
 */
#include "memory_share.h"
#include "pages.h"
#include "report.h"
#include "text.h"

#include <stdlib.h>

/* Loads between looks: at least some 10 µs out of the first cache, some ms out of memory far away. */
enum { CHASE_LOADS = 1 << 14, CHASE_UNROLLED = 16 };
enum { LINE_BYTES = 64 };

/* xorshift64*: fixed seed, so that every repetition of every case walks the same way. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* A cache line; several where there are more lines than the walk's numbers can tell apart (256 GiB). */
static size_t stride_of(size_t bytes)
{
    long long line;
    size_t stride = read_number(&line, "/sys/devices/system/cpu/cpu0/cache/index0/coherency_line_size") && line >= LINE_BYTES && line <= 4096
                        ? (size_t)line
                        : LINE_BYTES;
    while (bytes / stride > UINT32_MAX)
        stride *= 2;
    return stride;
}

/*
 * Sattolo's shuffle makes a permutation that is one cycle through all slots. It is made in an array of its own, small
 * beside the buffer, so that the buffer itself is written once, in order.
 */
void chase_prepare(struct worker_thread *thread)
{
    struct memory_share *share = thread->benchmark;
    if (!share_bring_in(share))
        return;
    unsigned char *memory = share->region->base + share->offset;
    size_t stride = stride_of(share->bytes), slots = share->bytes / stride;
    uint32_t *next = malloc(slots * sizeof *next);
    uint64_t state = 0x9e3779b97f4a7c15;
    if (next == NULL)
        fail(FAIL_NO_MEMORY, NULL, "There is no memory to lay out a random walk through %zu bytes.", share->bytes);
    for (size_t i = 0; i < slots; i++)
        next[i] = (uint32_t)i;
    for (size_t i = slots - 1; i > 0; i--) {
        size_t j = (size_t)(((unsigned __int128)next_random(&state) * i) >> 64); /* below i, without a division */
        uint32_t other = next[j];
        next[j] = next[i];
        next[i] = other;
    }
    for (size_t i = 0; i < slots; i++)
        *(void **)(void *)(memory + i * stride) = memory + (size_t)next[i] * stride;
    free(next);
}

void chase_work(struct worker_thread *thread)
{
    struct memory_share *share = thread->benchmark;
    void **at = (void **)(void *)(share->region->base + share->offset);
    uint64_t loads = 0;
    if (share->lacks)
        return;
    for (enum phase before = PHASE_WARM, phase; (phase = worker_thread_look(thread)) != PHASE_STOP; before = phase) {
        if (phase != before)
            loads = 0;
        for (int i = 0; i < CHASE_LOADS; i += CHASE_UNROLLED) {
#define LOAD at = *(void **)at;
#define LOADS LOAD LOAD LOAD LOAD
            LOADS LOADS LOADS LOADS
#undef LOADS
#undef LOAD
        }
        __asm__ volatile("" ::"r"(at)); /* the walk's end is used: it cannot be left out */
        loads += CHASE_LOADS;
    }
    share->done = thread->begin_ns != 0 ? loads : 0;
}
