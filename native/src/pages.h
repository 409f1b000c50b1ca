/*
 * Owns: memory to measure in: of a wanted page size, on wanted nodes, present before anything is timed; and the check of
 * what was really got. A region is surrounded by unmapped pages, so that it is a mapping of its own in smaps.
 */
#ifndef AGENT_PAGES_H
#define AGENT_PAGES_H

#include "cpuset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;
struct validity;

/* A size of pages: the kernel's own, one of its pools, or transparent huge pages, which are as large as it makes them. */
struct pages {
    bool thp;
    size_t bytes;
};

/*
 * Where memory is wanted. ANYWHERE: the kernel's default, and nothing is claimed. TOUCH: the same, but it must turn out to be on the
 * node of whoever touches it first.
 */
enum spread { SPREAD_ANYWHERE, SPREAD_TOUCH, SPREAD_NODE, SPREAD_PREFERRED, SPREAD_INTERLEAVE, SPREAD_WEIGHTED };
struct want {
    enum spread spread;
    struct cpuset nodes; /* several for the interleaved ones, else one */
};

struct region {
    unsigned char *base;
    size_t bytes; /* rounded up to whole pages of the wanted size */
    struct pages pages;
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

/* The kernel's own page size. */
struct pages pages_base(void);
/* "base", "thp", or a size such as "64k" or "2m"; ends with `usage` or, where this host has no such pages, `unsupported`. */
struct pages pages_parse(const char *text);
/* The shortest name of a size, in fresh memory: "2m". */
char *pages_name(size_t bytes);
/*
 * One node, or interleaved over all usable ones; ends with the right error where that cannot be. On a kernel that shows no nodes
 * all are ANYWHERE: there is nothing to bind to.
 */
struct want want_node(int node);
struct want want_interleaved(void);
/* Any policy over these nodes, each of which must be usable. */
struct want want_policy(enum spread spread, const struct cpuset *nodes);
/* Bound to where a thread on this CPU finds what it touches first; or not bound, and touched first by such a thread. */
struct want want_near(int cpu);
struct want want_touch(int cpu);
/* Which part of the pages should come to lie on this node, 0 … 1. */
double want_share(const struct want *want, int node);

/* Ends with the right error where a region like this could not be had now. Before anything is measured. */
void region_check(size_t bytes, struct pages pages, const struct want *want);
/* Maps, binds, brings in every page; ends with an error where that fails. */
void region_map(struct region *region, size_t bytes, struct pages pages, const struct want *want);
/* The same without touching a page: each comes with the first touch, from the node wanted. */
void region_reserve(struct region *region, size_t bytes, struct pages pages, const struct want *want);
/*
 * Brings in the pages that begin within [from, to) of a reserved region, by the calling thread; several may do so at once. False: not
 * all could be had, and region_lack says so and ends the process.
 */
bool region_bring_in(const struct region *region, size_t from, size_t to);
__attribute__((noreturn)) void region_lack(const struct region *region);
void region_unmap(struct region *region);

void region_look(const struct region *region, struct found *found);
/* Adds what is not as wanted to the reasons against the repetition. */
void region_judge(const struct region *region, const struct found *found, struct validity *validity);
/* The same for the places of a part that was wanted elsewhere than the whole; `whole` is what the look at the region found. */
void region_judge_part(const struct region *region, const struct found *whole, size_t from, size_t bytes, const struct want *want, struct validity *validity);
/* What several regions turned out to be: pages of the size of the first, which all should have. */
void found_add(struct found *sum, const struct found *own, bool first);
/* Writes the keys "nodes" and "pageBytes" of what was seen. */
void found_write(struct json *json, const struct found *found);

#endif
