/*
 * Owns: the loops that move bytes, in the widest vectors that the CPU has, chosen when the program runs: one binary serves every CPU
 * of an architecture.
 */
#ifndef AGENT_MEMORY_LOOPS_H
#define AGENT_MEMORY_LOOPS_H

#include <stddef.h>
#include <stdint.h>

/* Arrays are aligned to this, and lengths are multiples of it: no loop has a remainder. */
enum { LOOP_BYTES = 256 };

/*
 * a is written, b and c are read; a loop leaves alone what it has no use for. `value` is what is written, or the factor of a triad.
 * The sum of what was read, of a loop that only reads; else 0.
 */
typedef uint64_t stream_loop(void *a, const void *b, const void *c, size_t bytes, double value);

/* NULL: the CPU has no such store. */
struct stream_loops {
    stream_loop *read, *write, *copy, *triad, *write_nt, *copy_nt, *triad_nt;
};

const struct stream_loops *stream_loops(void);

#endif
