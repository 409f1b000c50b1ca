/* Owns: see pool_graph.h. */
#include "pool_graph.h"
#include "pool.h"

#include <string.h>

/* Odd, so that keys and ids map one to one. */
#define SCATTER UINT32_C(0x9e3779b1)

static uint32_t mask(unsigned bits)
{
    return (uint32_t)((UINT64_C(1) << bits) - 1);
}

/* The inverse of an odd number modulo 2^32, by Newton's steps. */
static uint32_t inverse(uint32_t odd)
{
    uint32_t x = odd;
    for (int i = 0; i < 5; i++)
        x *= 2 - odd * x;
    return x;
}

unsigned graph_bits(uint64_t bytes)
{
    unsigned bits = 8;
    while (bits < 31 && (sizeof(struct graph_row) << (bits + 1)) <= bytes)
        bits++;
    return bits;
}

void graph_fill(unsigned bits, const struct pool_part *part)
{
    const uint32_t all = mask(bits), back = inverse(SCATTER);
    uint64_t end = part->to / sizeof(struct graph_row), rows = (uint64_t)all + 1;
    for (uint64_t id = part->from / sizeof(struct graph_row); id < end && id < rows; id++) {
        struct graph_row *row = (struct graph_row *)(void *)part->base + id;
        row->key = ((uint32_t)id * SCATTER) & all;
        for (unsigned i = 0; i < GRAPH_LINKS; i++) {
            uint32_t jump = i / 2 + 1, chance = (uint32_t)pool_mix(id * GRAPH_LINKS + i);
            if (i >= 4) { /* from near to half-way round */
                unsigned far = 1 + (i - 4) * (bits - 1) / (GRAPH_LINKS - 4);
                jump = (UINT32_C(1) << far) + (chance & mask(far));
            }
            uint32_t key = i % 2 == 0 ? row->key + jump : row->key - jump;
            row->link[i] = ((key & all) * back) & all;
        }
    }
}

static uint32_t distance(const struct graph *graph, uint32_t id, uint32_t target)
{
    uint32_t apart = (graph->row[id].key - target) & mask(graph->bits);
    return apart < mask(graph->bits) - apart ? apart : mask(graph->bits) - apart + 1;
}

/* False: it was visited in this walk, or more were than are worth a walk. */
static bool visit(struct graph_walk *walk, uint32_t id)
{
    uint64_t mark = (uint64_t)walk->number << 32 | id;
    for (unsigned at = (unsigned)pool_mix(id) % VISITED;; at = (at + 1) % VISITED) {
        if (walk->visited[at] == mark || walk->visits >= VISITED * 3 / 4)
            return false;
        if (walk->visited[at] >> 32 != walk->number) {
            walk->visited[at] = mark;
            walk->visits++;
            return true;
        }
    }
}

static void meet(const struct graph *graph, struct graph_walk *walk, uint32_t id, uint32_t target, unsigned most)
{
    if (!visit(walk, id))
        return;
    uint32_t apart = distance(graph, id, target);
    if (walk->best == most && walk->found[most - 1].distance <= apart)
        return;
    unsigned at = walk->best < most ? walk->best++ : most - 1;
    for (; at > 0 && walk->found[at - 1].distance > apart; at--)
        walk->found[at] = walk->found[at - 1];
    walk->found[at] = (struct graph_found){ .distance = apart, .id = id };
}

void graph_search(const struct graph *graph, struct graph_walk *walk, uint32_t from, uint32_t target, unsigned most)
{
    if (++walk->number == 0) { /* all numbers were used once */
        memset(walk->visited, 0, sizeof walk->visited);
        walk->number = 1;
    }
    walk->visits = walk->best = 0;
    target &= mask(graph->bits);
    meet(graph, walk, from & mask(graph->bits), target, most);
    for (unsigned at = 0; at < walk->best;) {
        if (walk->found[at].expanded) {
            at++;
            continue;
        }
        walk->found[at].expanded = 1;
        const struct graph_row *row = &graph->row[walk->found[at].id];
        for (unsigned i = 0; i < GRAPH_LINKS; i++)
            meet(graph, walk, row->link[i], target, most);
        at = 0; /* a nearer one may have been met */
    }
}

uint64_t graph_result(const struct graph_walk *walk)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < walk->best; i++)
        result = pool_mix(result + walk->found[i].id);
    return result;
}
