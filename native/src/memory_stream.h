/*
 * Owns: the kernels that move bytes, by name, and their work on a share. Bytes are counted as STREAM counts them, those that the
 * program asks for: one a byte of an array for read and write, two for copy, three for triad. What a CPU reads of a line before an
 * ordinary store changes it (write-allocate) is not counted; non-temporal stores do without it.
 */
#ifndef AGENT_MEMORY_STREAM_H
#define AGENT_MEMORY_STREAM_H

#include "memory_loops.h"

struct stream_kernel {
    const char *name;
    unsigned arrays; /* that a share is divided into; a pass goes through each once */
    stream_loop *loop;
};

/* "read", "triad-nt"; ends with `usage` or, where this CPU has no non-temporal stores, `unsupported`. */
const struct stream_kernel *stream_kernel(const char *name);

#endif
