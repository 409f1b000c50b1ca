/*
 * Owns: what `run` was asked to place where, and whether it held. One pin may hold for the whole program, set before
 * its exec; the others are for threads, found by their name while it runs.
 */
#ifndef AGENT_PINS_H
#define AGENT_PINS_H

#include "cpuset.h"

#include <stdbool.h>
#include <sys/types.h>

struct json;
struct thread_facts;

struct pin {
    char *name;
    struct cpuset cpus; /* empty: any */
    int node;           /* -1: any */
    int matched;        /* threads it was found to be for */
    bool slipped;       /* one of them was seen where it should not be, or could not be pinned */
};

/* NAME=CPULIST[@NODE]; ends with the right error. */
void pins_add(char *text);
/* Once the command is known: which pin is the whole program's. Ends with an error where a pin cannot be kept. */
void pins_settle(const char *command);
/* Whether there are threads to look for. */
bool pins_of_threads(void);
/* In the child, before exec. 0 or -errno. */
int pins_apply_whole(void);
/* Told of every thread at every look: pins it where it is due, and notes whether earlier pins hold. */
void pins_thread(const struct thread_facts *facts, const struct cpuset *allowed);
/* The value of "pins". */
void pins_write(struct json *json);

#endif
