/* Owns: see memory_stream.h. */
#include "memory_stream.h"
#include "clock.h"
#include "memory_share.h"
#include "pages.h"
#include "report.h"

#include <string.h>

/* Bytes of an array between looks, without a pause; and bytes moved between pauses. */
enum { BLOCK_BYTES = 1 << 19, PAUSE_BYTES = 4096 };
static const double factor = 3, addend = 2;

struct arrays {
    double *a, *b, *c;
    size_t bytes; /* of each */
};

/* Each begins on a line of its own, the three at different places of a page so that they do not alias. */
static struct arrays arrays_of(const struct memory_share *share)
{
    size_t each = share->bytes / share->kernel->arrays / LOOP_BYTES * LOOP_BYTES - (share->kernel->arrays > 1 ? LOOP_BYTES : 0);
    unsigned char *at = share->region->base + share->offset;
    double *one = (double *)(void *)at, *two = (double *)(void *)(at + each + 128), *three = (double *)(void *)(at + 2 * each + 256);
    switch (share->kernel->arrays) {
    case 1: return (struct arrays){ one, one, one, each };
    case 2: return (struct arrays){ one, two, two, each };
    default: return (struct arrays){ one, two, three, each };
    }
}

const struct stream_kernel *stream_kernel(const char *name)
{
    static struct stream_kernel known[7];
    const struct stream_loops *loops = stream_loops();
    memcpy(known,
           (const struct stream_kernel[]){
               { "read", 1, loops->read },
               { "write", 1, loops->write },
               { "copy", 2, loops->copy },
               { "triad", 3, loops->triad },
               { "write-nt", 1, loops->write_nt },
               { "copy-nt", 2, loops->copy_nt },
               { "triad-nt", 3, loops->triad_nt },
           },
           sizeof known);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, name) != 0)
            continue;
        if (known[i].loop == NULL)
            fail(FAIL_UNSUPPORTED, "The same kernel without -nt runs on every CPU.", "The kernel %s is unavailable: this CPU has no non-temporal stores that the agent knows.", name);
        return &known[i];
    }
    fail(FAIL_USAGE, NULL, "kernel is read, write, copy or triad, the latter three also with -nt behind them, not \"%s\".", name);
}

static double element(size_t i)
{
    return (double)(i & 1023) + 1;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

void stream_prepare(struct worker_thread *thread)
{
    struct memory_share *share = thread->benchmark;
    if (!share_bring_in(share))
        return;
    struct arrays x = arrays_of(share);
    share->sum = 0;
    for (size_t i = 0; i < x.bytes / sizeof(double); i++) {
        x.a[i] = element(i);
        if (share->kernel->arrays > 1)
            x.b[i] = element(i);
        if (share->kernel->arrays > 2)
            x.c[i] = addend;
        share->sum += bits_of(element(i));
    }
}

static void wait_for(uint64_t ns)
{
    for (uint64_t end = now_ns() + ns; now_ns() < end;)
        relax();
}

/* What is written is the same in every pass, so that a pass cut short leaves nothing else behind. Some elements are looked at. */
static bool written_right(const struct memory_share *share, const struct arrays *x)
{
    for (size_t i = 0; i < x->bytes / sizeof(double); i += 1009) {
        double due = share->kernel->arrays == 1 ? factor : share->kernel->arrays == 2 ? element(i) : element(i) + factor * addend;
        if (x->a[i] != due)
            return false;
    }
    return true;
}

void stream_work(struct worker_thread *thread)
{
    struct memory_share *share = thread->benchmark;
    if (share->lacks)
        return;
    struct arrays x = arrays_of(share);
    bool reads = strcmp(share->kernel->name, "read") == 0;
    uint64_t bytes = 0, sum = 0, passes = 0;
    size_t block = share->pause_ns > 0 ? PAUSE_BYTES / share->kernel->arrays / LOOP_BYTES * LOOP_BYTES : BLOCK_BYTES, from = 0;
    for (enum phase before = PHASE_WARM, phase; (phase = worker_thread_look(thread)) != PHASE_STOP; before = phase) {
        if (phase != before)
            bytes = 0;
        size_t length = x.bytes - from < block ? x.bytes - from : block, at = from / sizeof(double);
        sum += share->kernel->loop(x.a + at, x.b + at, x.c + at, length, factor);
        __asm__ volatile("" ::: "memory"); /* what one pass writes the next may not leave out */
        bytes += length * share->kernel->arrays;
        from += length;
        if (from == x.bytes) {
            share->wrong |= reads && sum != share->sum;
            passes++;
            from = 0;
            sum = 0;
        }
        if (share->pause_ns > 0)
            wait_for(share->pause_ns);
    }
    share->done = thread->begin_ns != 0 ? bytes : 0;
    share->wrong |= !reads && passes > 0 && !written_right(share, &x);
}
