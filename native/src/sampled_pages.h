/*
 * Owns: where the pages of a process lie, told from a sample of them: move_pages without a target asks for pages at random, and
 * numa_maps, which stalls the process while all its page tables are walked, is left alone. Where there are few pages all are asked.
 */
#ifndef AGENT_SAMPLED_PAGES_H
#define AGENT_SAMPLED_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct json;

enum { SAMPLED_NODES = 1024 };
/* So many found tell a share to ± 1 % at 95 %, however large the process is. */
enum { SAMPLED_PAGES = 10000 };

struct sampled_pages {
    int error; /* -errno: nothing could be asked */
    uint64_t resident_bytes; /* by the kernel's own count, huge pages of pools too */
    uint64_t asked, found;
    bool all; /* every page was asked: there is no margin */
    double share[SAMPLED_NODES];    /* of the resident bytes */
    double variance[SAMPLED_NODES]; /* of that share, as it was sampled */
    /* Of what is resident, as much was missed by the sample at least: it counts as margin. */
    double missed;
};

/* Looks for about so many pages that are present; asks for at most some times as many. */
void pages_sample(struct sampled_pages *sampled, pid_t pid, size_t want);
/* The same out of numa_maps: every page, at the price of the walk. */
void pages_of_numa_maps(struct sampled_pages *sampled, pid_t pid);

/* Several processes together. */
struct pages_sum {
    double bytes[SAMPLED_NODES], variance[SAMPLED_NODES];
    double missed;
    uint64_t resident_bytes, asked, found;
    size_t processes, unread;
    int error; /* of the last that could not be read */
    bool all;
};
void pages_sum_add(struct pages_sum *sum, const struct sampled_pages *sampled);
/*
 * { "nodes": {node: bytes}, "margins": {node: bytes}, "residentBytes", "asked", "found", "all", "processes", "unread" }, margins at 95 %;
 * or { "unavailable": why }.
 */
void pages_sum_write(struct json *json, const struct pages_sum *sum);

/* Why pages cannot be asked for. */
const char *pages_error(int error);

#endif
