/*
 * Owns: the looks at running programs: their threads (and those of everything they started) and their pages by node. It
 * looks often where there are threads to pin and seldom where there are none, and never takes more than a twentieth of a
 * CPU.
 */
#ifndef AGENT_OBSERVE_H
#define AGENT_OBSERVE_H

#include "process.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of one program; all but `pid` starts as zero. */
struct watch {
    int program; /* its number, in the order started */
    pid_t pid;   /* 0: it has ended */
    struct observation *observation;
    size_t observations, observations_capacity;
    struct numa_maps resident;
    struct pids family;
    void (*find)(struct watch *watch); /* finds the family anew before a request; NULL: looks keep it fresh */
    uint64_t observed_ns;
    bool untold; /* no line has told of the last look */
};

/* Looks if it is time to, writes an `observed` line a program, often at first and then once a second, and says when (now_ns) to call again. */
uint64_t observe(struct watch *watch, size_t count);
/* After the end of a program: the last look that no line has told of yet. */
void observe_last(struct watch *watch);
/* The next call of `observe` looks, and tells what it saw: something was changed. */
void observe_soon(void);

#endif
