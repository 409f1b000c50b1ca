/* Owns: see pool_memory.h. */
#include "pool_memory.h"
#include "kernel.h"
#include "numa.h"
#include "validity.h"

#include <stdlib.h>
#include <string.h>

static size_t whole_pages(size_t bytes, struct pages pages)
{
    return (bytes + pages.bytes - 1) / pages.bytes * pages.bytes;
}

/* What the region of that copy is asked to be. Shares by several workers are not one policy: each is looked at by itself. */
static struct want want_of(enum pool_touch touch, const struct cpuset *nodes, int cpu)
{
    switch (touch) {
    case TOUCH_MAIN: return want_touch(cpu);
    case TOUCH_INTERLEAVE: return want_interleaved();
    case TOUCH_BIND: return set_count(nodes) == 1 ? want_node(set_next(nodes, -1)) : want_policy(SPREAD_INTERLEAVE, nodes);
    case TOUCH_REPLICATE: return want_near(cpu);
    default: return (struct want){ .spread = SPREAD_ANYWHERE };
    }
}

/* First touched on that node; -1: nothing is claimed. */
static struct want touched_on(int node)
{
    return node < 0 ? (struct want){ .spread = SPREAD_ANYWHERE } : (struct want){ .spread = SPREAD_TOUCH, .nodes = set_of(node) };
}

/* Which shares have a copy to touch: of replicated memory the first one of each node, of the rest the first of all. */
static int touchers(enum pool_touch touch, const int *near, int shares, int *toucher)
{
    int count = 0;
    for (int i = 0; i < shares; i++) {
        bool new = count == 0 || touch == TOUCH_REPLICATE;
        for (int known = 0; known < count && new; known++)
            new = near[toucher[known]] != near[i];
        if (new)
            toucher[count++] = i;
    }
    return count;
}

static int *room_for(int shares)
{
    int *some = calloc((size_t)shares, sizeof *some);
    if (some == NULL)
        abort();
    return some;
}

void pool_memory_check(const struct pool_case *asked, int first, int end, size_t each, enum pool_touch touch, struct pages pages)
{
    size_t share = whole_pages(each, pages);
    const int *cpu = asked->cpu + first, *near = asked->near + first;
    int shares = end - first, *toucher = room_for(shares), count = touchers(touch == TOUCH_WORKER ? TOUCH_REPLICATE : touch, near, shares, toucher);
    for (int copy = 0; copy < count; copy++) {
        /* Shares that come to lie on one node are checked together. */
        size_t there = 0;
        for (int i = 0; i < shares; i++)
            there += touch != TOUCH_WORKER || near[i] == near[toucher[copy]];
        struct want want = touch == TOUCH_WORKER ? want_touch(cpu[toucher[copy]]) : want_of(touch, &asked->nodes_asked, cpu[toucher[copy]]);
        region_check(there * share, pages, &want);
    }
    free(toucher);
}

void pool_memory_map(struct pool_memory *memory, const struct pool_case *asked, int first, int end, size_t each, enum pool_touch touch, struct pages pages)
{
    static const struct cpuset none;
    int shares = end - first;
    *memory = (struct pool_memory){ .asked = asked, .touch = touch, .first = first, .shares = shares, .share = whole_pages(each, pages) };
    memory->toucher = room_for(shares);
    memory->regions = touchers(touch, asked->near + first, shares, memory->toucher);
    memory->region = calloc((size_t)memory->regions, sizeof *memory->region);
    if (memory->region == NULL)
        abort();
    for (int i = 0; i < memory->regions; i++) {
        struct region *region = &memory->region[i];
        struct want want = want_of(touch, &asked->nodes_asked, asked->cpu[first + memory->toucher[i]]);
        region_reserve(region, memory->share * (size_t)shares, pages, &want);
        if (touch == TOUCH_WORKER && numa_present())
            policy_of_range(region->base, region->bytes, POLICY_LOCAL, &none); /* whatever the agent was started with; looked at later */
    }
}

bool pool_memory_bring_in(struct pool_memory *memory, int share, struct pool_part *part)
{
    bool whole = memory->touch == TOUCH_MAIN || memory->touch == TOUCH_REPLICATE;
    for (int i = 0; i < memory->regions; i++) {
        if (whole && memory->toucher[i] != share)
            continue;
        *part = (struct pool_part){ .base = memory->region[i].base, .from = 0, .to = memory->share * (size_t)memory->shares };
        if (!whole) {
            part->from = memory->share * (size_t)share;
            part->to = part->from + memory->share;
        }
        if (region_bring_in(&memory->region[i], part->from, part->to))
            return true;
        atomic_store(&memory->lacks, true);
    }
    return false;
}

unsigned char *pool_memory_for(const struct pool_memory *memory, int worker)
{
    const int *near = memory->asked->near;
    for (int i = 1; i < memory->regions; i++)
        if (near[memory->first + memory->toucher[i]] == near[worker])
            return memory->region[i].base;
    return memory->region[0].base;
}

void pool_memory_judge(const struct pool_memory *memory, struct found *sum, bool first, struct validity *validity)
{
    for (int i = 0; i < memory->regions; i++) {
        const struct region *region = &memory->region[i];
        struct found found;
        if (atomic_load(&memory->lacks))
            region_lack(region);
        region_look(region, &found);
        region_judge(region, &found, validity);
        for (int share = 0; memory->touch == TOUCH_WORKER && found.error == 0 && share < memory->shares; share++) {
            struct want want = touched_on(memory->asked->near[memory->first + share]);
            region_judge_part(region, &found, memory->share * (size_t)share, memory->share, &want, validity);
        }
        found_add(sum, &found, first && i == 0);
    }
}

void pool_memory_unmap(struct pool_memory *memory)
{
    for (int i = 0; i < memory->regions; i++)
        region_unmap(&memory->region[i]);
    free(memory->region);
    free(memory->toucher);
    *memory = (struct pool_memory){ 0 };
}
