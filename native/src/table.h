/*
 * Owns: figures that go over the wire as differences: rows by name ("numa_hit", "eth0"), cells by the id of a CPU or node. Who
 * fills it gives what is there now; only what changed since the last line is written.
 */
#ifndef AGENT_TABLE_H
#define AGENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;

/* All zero is an empty table. */
struct table {
    struct table_row *rows;
    size_t count, next; /* `next`: where the row after the last one asked for is, for rows come in the same order each time */
};

/* Before a reading: no cell is there until it is set. */
void table_clear(struct table *table);
/* Ids are 0 to SET_BITS - 1; what is outside, and rows beyond any machine's, are left out. */
void table_set(struct table *table, const char *row, int id, int64_t value);
/* False: that cell is not there. */
bool table_get(struct table *table, const char *row, int id, int64_t *value);
/* Adds to the cell, which begins at 0. */
void table_add(struct table *table, const char *row, int id, int64_t value);
/*
 * Writes { row: cells, ... }, the cells as words by rising id, a blank between them, numbers in base 36: "=a" is 10, "3" is 3 more than
 * before, "-3" less, "~7" leaves 7 ids (in base 10) as they are, "!" is there no longer. Rows and last cells that did not change are left out.
 */
void table_write(struct json *json, struct table *table);

#endif
