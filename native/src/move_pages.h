/*
 * Owns: moving the pages of a running process to another node, page by page, so that every one of them can be moved back
 * to where it came from. (migrate_pages(2) moves as much, but forgets what lay on the target before.)
 */
#ifndef AGENT_MOVE_PAGES_H
#define AGENT_MOVE_PAGES_H

#include "cpuset.h"

#include <stdint.h>
#include <sys/types.h>

struct moved_pages {
    uint64_t moved_bytes;
    uint64_t left_bytes; /* on the nodes asked for, but shared with another process, locked, or without room there */
};

/*
 * Moves what lies on `from` to the node `to` and adds to the sums. The program goes on meanwhile; the call lasts as long as the
 * copying. 0 or -errno. A kernel without NUMA has nothing to move.
 */
int move_pages_to(uint64_t request, pid_t pid, const struct cpuset *from, int to, struct moved_pages *sum);
/* Moves back what that request moved, as far as it is there yet. False: there is no such request, or its processes have ended. */
bool move_pages_back(uint64_t request, struct moved_pages *sum);

#endif
