/* Owns: see cpuset.h. */
#include "cpuset.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cpuset set_of(int id)
{
    struct cpuset set = { 0 };
    set_add(&set, id);
    return set;
}

int set_count(const struct cpuset *set)
{
    int count = 0;
    for (size_t i = 0; i < SET_BITS / SET_WORD_BITS; i++)
        count += __builtin_popcountl(set->word[i]);
    return count;
}

int set_next(const struct cpuset *set, int after)
{
    for (int id = after + 1; id < SET_BITS; id++) {
        unsigned long rest = set->word[(size_t)id / SET_WORD_BITS] >> ((size_t)id % SET_WORD_BITS);
        if (rest != 0)
            return id + __builtin_ctzl(rest);
        id += (int)(SET_WORD_BITS - 1 - (size_t)id % SET_WORD_BITS); /* nothing left in this word */
    }
    return -1;
}

bool set_equal(const struct cpuset *a, const struct cpuset *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool set_within(const struct cpuset *part, const struct cpuset *whole)
{
    for (size_t i = 0; i < SET_BITS / SET_WORD_BITS; i++)
        if ((part->word[i] & ~whole->word[i]) != 0)
            return false;
    return true;
}

struct cpuset set_both(const struct cpuset *a, const struct cpuset *b)
{
    struct cpuset both;
    for (size_t i = 0; i < SET_BITS / SET_WORD_BITS; i++)
        both.word[i] = a->word[i] & b->word[i];
    return both;
}

/* Reads one id at *text and steps over it; -1 where there is none or it is beyond the set. */
static int take_id(const char **text)
{
    if (!isdigit((unsigned char)**text))
        return -1;
    int id = 0;
    for (; isdigit((unsigned char)**text); (*text)++) {
        id = id * 10 + (**text - '0');
        if (id >= SET_BITS)
            return -1;
    }
    return id;
}

bool set_parse(struct cpuset *set, const char *text)
{
    *set = (struct cpuset){ 0 };
    while (isspace((unsigned char)*text))
        text++;
    while (*text != '\0') {
        int first = take_id(&text), last = first;
        if (*text == '-') {
            text++;
            last = take_id(&text);
        }
        if (first < 0 || last < first)
            return false;
        for (int id = first; id <= last; id++)
            set_add(set, id);
        if (*text == ',' && isdigit((unsigned char)text[1])) {
            text++;
            continue;
        }
        while (isspace((unsigned char)*text))
            text++;
        if (*text != '\0')
            return false;
    }
    return true;
}

char *set_text(const struct cpuset *set)
{
    /* The longest list is every second id: half of them, each with at most four digits and a comma. */
    size_t room = (size_t)(set_count(set) + 1) * 2 * 5;
    char *text = malloc(room);
    if (text == NULL)
        abort();
    char *at = text;
    *at = '\0';
    for (int first = set_next(set, -1); first >= 0;) {
        int last = first;
        while (set_has(set, last + 1))
            last++;
        const char *comma = at == text ? "" : ",";
        size_t left = room - (size_t)(at - text);
        at += last > first ? snprintf(at, left, "%s%d-%d", comma, first, last) : snprintf(at, left, "%s%d", comma, first);
        first = set_next(set, last);
    }
    return text;
}
