/*
 * Owns: which node each CPU is of. Without NUMA all are node 0's. CPUs and nodes come and go, so a reader has it read anew.
 */
#ifndef AGENT_PLACES_H
#define AGENT_PLACES_H

#include <stdbool.h>

void places_read(void);
/* -1: of none. */
int place_of(int cpu);
/* The node that stands alone, or -1 where there are several. */
int place_alone(void);

#endif
