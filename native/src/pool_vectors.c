/* Owns: see pool_vectors.h. */
#include "pool_vectors.h"
#include "pool.h"

#include <string.h>

/* Four at once, which every CPU of an architecture can; gcc and clang both have them. */
enum { LANES = 4, PIECES = VECTOR_LENGTH / LANES };
typedef float floats __attribute__((vector_size(LANES * 4), may_alias));
typedef int32_t masks __attribute__((vector_size(LANES * 4), may_alias));

void vectors_fill(const struct pool_part *part)
{
    float *at = (float *)(void *)(part->base + part->from);
    size_t first = part->from / 4, count = (part->to - part->from) / 4;
    /* Small whole numbers: their sums are exact, whatever a compiler makes of them. */
    for (size_t i = 0; i < count; i++)
        at[i] = (float)((int32_t)(((uint32_t)(first + i) * UINT32_C(2654435761)) >> 27) - 16);
}

uint64_t vectors_nearest(const unsigned char *store, const uint64_t row[VECTOR_BATCH], uint64_t query)
{
    floats wanted[PIECES];
    masks mask[PIECES];
    for (int piece = 0; piece < PIECES; piece++)
        for (int lane = 0; lane < LANES; lane++) {
            uint64_t bits = pool_mix(query * VECTOR_LENGTH + (uint64_t)(piece * LANES + lane));
            wanted[piece][lane] = (float)((int32_t)(bits & 31) - 16);
            mask[piece][lane] = (bits & 96) == 0 ? 0 : -1;
        }
    float best = -1e30f;
    uint64_t nearest = 0;
    for (int i = 0; i < VECTOR_BATCH; i++) {
        const floats *vector = (const floats *)(const void *)(store + row[i] * VECTOR_BYTES);
        floats one = { 0 }, two = { 0 };
        for (int piece = 0; piece < PIECES; piece += 2) {
            one += (floats)((masks)(vector[piece] * wanted[piece]) & mask[piece]);
            two += (floats)((masks)(vector[piece + 1] * wanted[piece + 1]) & mask[piece + 1]);
        }
        one += two;
        float product = one[0] + one[1] + (one[2] + one[3]);
        if (product > best) {
            best = product;
            nearest = row[i];
        }
    }
    return pool_mix(nearest * 8192 + (uint64_t)(int64_t)best);
}
