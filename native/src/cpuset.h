/*
 * Owns: a set of ids (CPUs or NUMA nodes) and its written form, the kernel's list format ("0-3,8"). Its own bitmask,
 * because musl's cpu_set_t ends at 128 and glibc's at 1,024 CPUs; the kernel goes to 8,192.
 */
#ifndef AGENT_CPUSET_H
#define AGENT_CPUSET_H

#include <stdbool.h>
#include <stddef.h>

#define SET_BITS 8192
#define SET_WORD_BITS (8 * sizeof(unsigned long))

struct cpuset {
    unsigned long word[SET_BITS / SET_WORD_BITS];
};

static inline bool set_has(const struct cpuset *set, int id)
{
    return id >= 0 && id < SET_BITS && (set->word[(size_t)id / SET_WORD_BITS] >> ((size_t)id % SET_WORD_BITS) & 1UL) != 0;
}

static inline void set_add(struct cpuset *set, int id)
{
    set->word[(size_t)id / SET_WORD_BITS] |= 1UL << ((size_t)id % SET_WORD_BITS);
}

struct cpuset set_of(int id);
int set_count(const struct cpuset *set);
/* The smallest member above `after`, or -1: start with -1. */
int set_next(const struct cpuset *set, int after);
bool set_equal(const struct cpuset *a, const struct cpuset *b);
bool set_within(const struct cpuset *part, const struct cpuset *whole);
struct cpuset set_both(const struct cpuset *a, const struct cpuset *b);

/* Reads the list format; an empty text is the empty set; space around it is allowed. False: not a list. */
bool set_parse(struct cpuset *set, const char *text);
/* The list format in memory of the caller's, who frees it. */
char *set_text(const struct cpuset *set);

#endif
