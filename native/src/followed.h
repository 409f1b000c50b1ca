/*
 * Owns: the processes that are followed, by the selections given: who they are now, their threads, and where their memory is. A
 * reading that costs more is made more rarely, and between two of them the last one holds: all of it takes a few percent of a CPU.
 */
#ifndef AGENT_FOLLOWED_H
#define AGENT_FOLLOWED_H

#include <stdbool.h>

struct json;

/* "pid:12", "unit:nginx.service" …; ends with `usage`. */
void followed_add(const char *selection);
/* The next pages are read out of numa_maps: every one of them, at the price of stalling the process. */
void followed_whole(void);
/* Whether anything is followed. */
bool followed_any(void);
/* Reads what is due and writes the keys "processes" and "groups". `asked`: also what was asked for each. */
void followed_write(struct json *json, bool asked);

#endif
