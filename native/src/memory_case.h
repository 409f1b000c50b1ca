/* Owns: what a case of the command `memory` asks for, and the check that this host can give it. */
#ifndef AGENT_MEMORY_CASE_H
#define AGENT_MEMORY_CASE_H

#include "pages.h"

#include <stdint.h>

struct stream_kernel;

enum memory_what { MEMORY_LATENCY, MEMORY_BANDWIDTH, MEMORY_LOADED_LATENCY };

struct memory_case {
    enum memory_what what;
    int *cpu; /* a thread on each; the first is the one whose latency is taken */
    int cpus;
    bool local; /* each share lies where its own thread touches it first; else all of the buffer as wanted */
    struct want want;
    struct pages pages;
    size_t bytes; /* of the whole buffer */
    const struct stream_kernel *kernel;
    uint64_t pause_ns;
};

/* Ends with the right error where this host cannot give what is asked for. `bytes` is the size of a case that names none. */
struct memory_case memory_case_parse(char *text, uint64_t bytes);

/* Where a thread's share begins. The shares are alike, and whole lines. */
size_t memory_share_at(const struct memory_case *asked, int thread);
/* Where the share of a thread lies, in a case of `local`. */
struct want memory_share_want(const struct memory_case *asked, int thread);

#endif
