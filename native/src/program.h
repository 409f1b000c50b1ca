/*
 * Owns: one program of the user's that `run` starts: where it was asked to be, what it prints, and how it ended.
 */
#ifndef AGENT_PROGRAM_H
#define AGENT_PROGRAM_H

#include "perf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct stream {
    const char *name;
    int fd; /* -1: it has ended */
};

struct program {
    int number; /* in the order given */
    const char *name;
    char **command; /* ends with NULL */
    pid_t pid;
    struct stream stream[2];
    struct counters counters;
    int go, tell; /* pipes to and from the child until its exec */
    uint64_t start_ns, end_ns;
    bool ended;
    int status; /* of wait4, once it has ended */
    struct rusage usage;
};

/*
 * Command and name are set. Three steps, so that several programs begin together: a child that waits; its exec; the word that it came to that (or
 * the right error). SIGCHLD has to be blocked before.
 */
void program_prepare(struct program *program, int number);
void program_go(struct program *program);
void program_confirm(struct program *program);

/* Passes on what it printed, at most one piece of each stream. */
void program_pass_on(struct program *program);
/* Whether it has ended by now; then status, usage and counters are there. */
bool program_ended(struct program *program);
/* What it wrote last, which may still be under way to the pipe of a helper that ends with it. */
void program_drain(struct program *program);
/* The line `exited`. `timed_out`: it was ended because its time was over. */
void program_write_exited(const struct program *program, bool timed_out);

#endif
