/*
 * Owns: the list of what the sampler can read and sum up on the host itself, for files that are too big for the wire or no files at
 * all (interrupts by device, perf events, uncore boxes). To add one: a file reader_NAME.c with the two functions below, and a row
 * here. `reader_NAME_begin` runs once, opens what is needed (host_open keeps to --root) and returns NULL, or in words for people why
 * this host has no such figures. `reader_NAME_read` sets in a cleared table what it reads now, counters as they are, a row a series and
 * a cell a node or CPU: table_set(table, "eth0", node, bytes); it returns NULL, or why it could not read. That is all: what changed is
 * found, written and told by the core, the reader runs at most once a second and less often where it is dear (never more than
 * 1/200 of the time). It is asked for by `--reader NAME`: in TypeScript a FigureSource (model/live/rates.ts) names it in `readers`
 * and finds the table in `RawReading.tables`, or the words why there is none.
 */
#ifndef AGENT_READERS_H
#define AGENT_READERS_H

#include "table.h"

#include <stdint.h>

struct json;

#define SAMPLE_READERS(row) \
    row("nodes", nodes) \
    row("time", time) \
    row("interrupts", interrupts) \
    row("frequency", frequency) \
    row("resctrl", resctrl) \
    row("loads", loads) \
    row("links", links)

#define READER_DECLARE(called, id) \
    const char *reader_##id##_begin(void); \
    const char *reader_##id##_read(struct table *table);
SAMPLE_READERS(READER_DECLARE)
#undef READER_DECLARE

/* Ends with `usage` where there is no such reader. */
void readers_ask(const char *name);
/* The key "tables": { name: table | why } of the readers that are due; nothing where none is. */
void readers_write(struct json *json, uint64_t now_ns);

#endif
