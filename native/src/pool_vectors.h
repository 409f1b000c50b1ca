/* Owns: vectors in a store, and the nearest of a batch of them to a query: dot products in which a mask leaves components out. */
#ifndef AGENT_POOL_VECTORS_H
#define AGENT_POOL_VECTORS_H

#include "pool_memory.h"

#include <stdint.h>

enum { VECTOR_LENGTH = 128, VECTOR_BYTES = VECTOR_LENGTH * 4, VECTOR_BATCH = 128 };

void vectors_fill(const struct pool_part *part);
/* What a query looks like follows from its number. One figure for the nearest: its row, and how near. */
uint64_t vectors_nearest(const unsigned char *store, const uint64_t row[VECTOR_BATCH], uint64_t query);

#endif
