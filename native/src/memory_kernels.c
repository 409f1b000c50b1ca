/* Owns: see memory_kernels.h. */
#include "memory_kernels.h"
#include "report.h"
#include "team.h"
#include "validity.h"

#include <stdlib.h>

/* Loads between looks: at least some 10 µs out of the first cache, some ms out of memory far away. */
enum { CHASE_LOADS = 1 << 14, CHASE_UNROLLED = 16 };

/* xorshift64*: fixed seed, so that every repetition of every case walks the same way. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/*
 * Sattolo's shuffle makes a permutation that is one cycle through all slots. It is made in an array of its own, small
 * beside the buffer, so that the buffer itself is written once, in order.
 */
void chase_build(struct kernel_run *run)
{
    size_t slots = run->bytes / CHASE_STRIDE;
    uint32_t *next = slots <= UINT32_MAX ? malloc(slots * sizeof *next) : NULL;
    uint64_t state = 0x9e3779b97f4a7c15;
    if (next == NULL)
        fail(FAIL_NO_MEMORY, NULL, "There is no memory to lay out a random walk through %zu bytes.", run->bytes);
    for (size_t i = 0; i < slots; i++)
        next[i] = (uint32_t)i;
    for (size_t i = slots - 1; i > 0; i--) {
        size_t j = (size_t)(((unsigned __int128)next_random(&state) * i) >> 64); /* below i, without a division */
        uint32_t other = next[j];
        next[j] = next[i];
        next[i] = other;
    }
    for (size_t i = 0; i < slots; i++)
        *(void **)(void *)(run->memory + i * CHASE_STRIDE) = run->memory + (size_t)next[i] * CHASE_STRIDE;
    free(next);
}

void chase_work(struct worker_thread *thread)
{
    struct kernel_run *run = thread->benchmark;
    void **at = (void **)(void *)run->memory;
    uint64_t loads = 0;
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
    run->done = thread->begin_ns != 0 ? loads : 0;
}

/* Two doubles, the vector that every 64-bit CPU has; memory, not arithmetic, is the bound. */
typedef double pair __attribute__((vector_size(16), aligned(16)));
enum { TRIAD_BLOCK = 1 << 15 }; /* pairs between looks: 512 KiB an array */
static const double scale = 3.0;

struct arrays {
    pair *a, *b, *c;
    size_t pairs;
};

static struct arrays arrays_of(const struct kernel_run *run)
{
    /* Each begins on a line of its own, the three at different places of a page so that they do not alias. */
    size_t each = run->bytes / 3 / 256 * 256 - 256;
    unsigned char *at = run->memory;
    return (struct arrays){ (pair *)(void *)at, (pair *)(void *)(at + each + 128), (pair *)(void *)(at + 2 * each + 256), each / sizeof(pair) };
}

void triad_build(struct kernel_run *run)
{
    struct arrays x = arrays_of(run);
    for (size_t i = 0; i < x.pairs; i++) {
        x.a[i] = (pair){ 0, 0 };
        x.b[i] = (pair){ 2, 2 };
        x.c[i] = (pair){ (double)(i & 1023), 1 };
    }
}

void triad_work(struct worker_thread *thread)
{
    struct kernel_run *run = thread->benchmark;
    struct arrays x = arrays_of(run);
    const pair s = { scale, scale };
    uint64_t pairs = 0;
    size_t from = 0;
    for (enum phase before = PHASE_WARM, phase; (phase = worker_thread_look(thread)) != PHASE_STOP; before = phase) {
        if (phase != before)
            pairs = 0;
        size_t to = x.pairs - from < TRIAD_BLOCK ? x.pairs : from + TRIAD_BLOCK, i = from;
        for (; i + 4 <= to; i += 4) {
            x.a[i] = x.b[i] + s * x.c[i];
            x.a[i + 1] = x.b[i + 1] + s * x.c[i + 1];
            x.a[i + 2] = x.b[i + 2] + s * x.c[i + 2];
            x.a[i + 3] = x.b[i + 3] + s * x.c[i + 3];
        }
        for (; i < to; i++)
            x.a[i] = x.b[i] + s * x.c[i];
        __asm__ volatile("" ::: "memory");
        pairs += to - from;
        from = to == x.pairs ? 0 : to;
    }
    run->done = thread->begin_ns != 0 ? pairs * 2 : 0;
}

void triad_judge(const struct kernel_run *run, struct validity *validity)
{
    struct arrays x = arrays_of(run);
    size_t whole = run->done / 2 < x.pairs ? 0 : x.pairs; /* fewer than one pass: not every sum was made */
    for (size_t i = 0; i < whole; i += 1009)
        if (x.a[i][0] != 2 + scale * (double)(i & 1023) || x.a[i][1] != 2 + scale) {
            invalidate(validity, "the triad's sum is wrong at element %zu", i * 2);
            return;
        }
}
