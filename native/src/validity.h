/*
 * Owns: whether a repetition is what was asked for, and in words why not. It starts out valid; every finding against it
 * is added.
 */
#ifndef AGENT_VALIDITY_H
#define AGENT_VALIDITY_H

#include <stdbool.h>

struct json;

struct validity {
    bool invalid;
    char why[512];
};

__attribute__((format(printf, 2, 3))) void invalidate(struct validity *validity, const char *format, ...);
/* Writes the keys "valid" and "why". */
void validity_write(struct json *json, const struct validity *validity);

#endif
