/*
 * Owns: whether a repetition is what was asked for, and in words why not. It starts out valid; every finding against it
 * is added.
 */
#ifndef AGENT_VERDICT_H
#define AGENT_VERDICT_H

#include <stdbool.h>

struct json;

struct verdict {
    bool slipped;
    char why[512];
};

__attribute__((format(printf, 2, 3))) void verdict_add(struct verdict *verdict, const char *format, ...);
/* Writes the keys "valid" and "why". */
void verdict_write(struct json *json, const struct verdict *verdict);

#endif
