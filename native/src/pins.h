/*
 * Owns: what `run` was asked to place where, and whether it held. One pin may hold for each whole program, set before
 * its exec; the others are for threads, found by their name while the programs run.
 */
#ifndef AGENT_PINS_H
#define AGENT_PINS_H

#include "cpuset.h"

#include <stdbool.h>
#include <sys/types.h>

struct json;
struct thread_facts;

/* NAME=CPULIST[@MEMORY]; ends with the right error. */
void pins_add(char *text);
/*
 * Once the programs are known, for each of them in turn: the pin of its name is the whole program's. `alone`: there is
 * one program, and then a single pin is its, whatever its name, unless that is a pattern.
 */
void pins_settle(int program, const char *name, bool alone);
/* After that. Ends with an error where a pin cannot be kept. */
void pins_check(const char *example);
/* Whether there are threads to look for. */
bool pins_of_threads(void);
/* In the child, before exec. 0 or -errno. */
int pins_apply_whole(int program);
/* Told of every thread at every look: pins it where it is due, and notes whether earlier pins hold. */
void pins_thread(int program, const struct thread_facts *facts, const struct cpuset *allowed);
/*
 * Somebody moved this thread by hand: from now on no pin is held against it, and a pin of a whole program against no thread, for
 * one that begins takes its CPUs from whoever started it.
 */
void pins_release(pid_t tid);
/* The value of "pins". */
void pins_write(struct json *json);

#endif
