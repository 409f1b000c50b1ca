/*
 * Owns: how often something is read that may be dear: not more often than asked for, and never for more than a part of the time,
 * whatever the size of the host. The second reading follows the first at once, for a rate needs two.
 */
#ifndef AGENT_PACE_H
#define AGENT_PACE_H

#include "clock.h"

#include <stdbool.h>

/* What needs no more than one look a second: a sample may come that much early. */
#define PACE_SECOND_NS (NS_PER_SECOND - 50 * NS_PER_MS)

/* All zero is due. */
struct pace {
    uint64_t due_ns, begun_ns;
    bool again;
};

static inline bool pace_due(const struct pace *pace, uint64_t now)
{
    return now >= pace->due_ns;
}

static inline void pace_begin(struct pace *pace)
{
    pace->begun_ns = used_ns();
}

/* `part`: of the time, at most 1/part is spent on it. */
static inline void pace_end(struct pace *pace, uint64_t now, uint64_t least_ns, unsigned part)
{
    uint64_t rest = (used_ns() - pace->begun_ns) * part;
    pace->due_ns = now + (rest > least_ns ? rest : pace->again ? least_ns : 0);
    pace->again = true;
}

#endif
