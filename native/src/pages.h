/*
 * Owns: memory to measure in: of a wanted page size, on wanted nodes, present before anything is timed; and the check of
 * what was really got. A region is surrounded by unmapped pages, so that it is a mapping of its own in smaps.
 */
#ifndef AGENT_PAGES_H
#define AGENT_PAGES_H

#include "cpuset.h"

#include <stddef.h>
#include <stdint.h>

struct json;
struct validity;

/* PAGES_BASE is "4k": the kernel's own page size, which on some arm64 and POWER kernels is 64 KiB. */
enum pages { PAGES_BASE, PAGES_THP, PAGES_2M, PAGES_1G };

/* Where memory is wanted. ANYWHERE: the kernel's default, the node of whoever touches a page first. */
enum spread { SPREAD_ANYWHERE, SPREAD_NODE, SPREAD_INTERLEAVE };
struct want {
    enum spread spread;
    struct cpuset nodes; /* one for SPREAD_NODE, several for SPREAD_INTERLEAVE */
};

struct region {
    unsigned char *base;
    size_t bytes; /* rounded up to whole pages of the wanted size */
    enum pages pages;
    struct want want;
    void *outer; /* with the unmapped pages around it */
    size_t outer_bytes;
};

/* What a look at a region found. Pages are counted in units of page_bytes; 0: the size could not be read. */
struct found {
    size_t page_bytes;
    size_t huge_bytes; /* of transparent huge pages, when not all of it is */
    uint64_t on_node[1024]; /* the kernel's MAX_NUMNODES is 1,024 at most */
    uint64_t absent;
    int error; /* -errno of the call that asks for nodes */
};

/* "4k", "thp", "2m", "1g"; ends with `usage`. */
enum pages pages_parse(const char *text);
/*
 * One node, or interleaved over all usable ones; ends with the right error where that cannot be. On a kernel that shows no nodes
 * both are ANYWHERE: there is nothing to bind to.
 */
struct want want_node(int node);
struct want want_interleaved(void);
/* Where a thread on this CPU finds what it touches first. */
struct want want_near(int cpu);

/* Ends with the right error where a region like this could not be had now. Before anything is measured. */
void region_check(size_t bytes, enum pages pages, const struct want *want);
/* Maps, binds, brings in every page; ends with an error where that fails. */
void region_map(struct region *region, size_t bytes, enum pages pages, const struct want *want);
/* The same without touching a page: each comes with the first touch, from the node wanted. Not for pages of the kernel's pool. */
void region_reserve(struct region *region, size_t bytes, enum pages pages, const struct want *want);
void region_unmap(struct region *region);

void region_look(const struct region *region, struct found *found);
/* Adds what is not as wanted to the reasons against the repetition. */
void region_judge(const struct region *region, const struct found *found, struct validity *validity);
/* Writes the keys "nodes" and "pageBytes" of what was seen. */
void found_write(struct json *json, const struct found *found);

#endif
