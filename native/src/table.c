/* Owns: see table.h. */
#include "table.h"
#include "cpuset.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 4096, NAME = 64 };

struct cell {
    int64_t now, told;
    bool there, known; /* `known`: by who reads the lines */
};

struct table_row {
    char name[NAME];
    struct cell *cells;
    int count;
};

void table_clear(struct table *table)
{
    table->next = 0;
    for (size_t i = 0; i < table->count; i++)
        for (int id = 0; id < table->rows[i].count; id++)
            table->rows[i].cells[id].there = false;
}

static void *longer(void *list, size_t count, size_t size)
{
    list = realloc(list, count * size);
    if (list == NULL)
        abort();
    return list;
}

static struct table_row *row_named(struct table *table, const char *name)
{
    for (size_t tried = 0; tried < table->count; tried++) {
        size_t at = (table->next + table->count - 1 + tried) % table->count; /* the last one asked for, and then in order */
        if (strncmp(table->rows[at].name, name, NAME - 1) == 0) {
            table->next = at + 1;
            return &table->rows[at];
        }
    }
    if (table->count == ROWS)
        return NULL;
    if ((table->count & (table->count - 1)) == 0)
        table->rows = longer(table->rows, table->count == 0 ? 1 : table->count * 2, sizeof *table->rows);
    struct table_row *row = &table->rows[table->count++];
    *row = (struct table_row){ 0 };
    snprintf(row->name, NAME, "%s", name);
    table->next = table->count;
    return row;
}

static struct cell *cell_of(struct table *table, const char *name, int id)
{
    struct table_row *row = id < 0 || id >= SET_BITS ? NULL : row_named(table, name);
    if (row == NULL)
        return NULL;
    if (id >= row->count) {
        row->cells = longer(row->cells, (size_t)id + 1, sizeof *row->cells);
        memset(row->cells + row->count, 0, (size_t)(id + 1 - row->count) * sizeof *row->cells);
        row->count = id + 1;
    }
    return &row->cells[id];
}

void table_set(struct table *table, const char *row, int id, int64_t value)
{
    struct cell *cell = cell_of(table, row, id);
    if (cell == NULL)
        return;
    cell->there = true;
    cell->now = value;
}

bool table_get(struct table *table, const char *row, int id, int64_t *value)
{
    const struct cell *cell = cell_of(table, row, id);
    if (cell == NULL || !cell->there)
        return false;
    *value = cell->now;
    return true;
}

void table_add(struct table *table, const char *row, int id, int64_t value)
{
    struct cell *cell = cell_of(table, row, id);
    if (cell != NULL)
        table_set(table, row, id, (cell->there ? cell->now : 0) + value);
}

static bool changed(const struct cell *cell)
{
    return cell->there != cell->known || (cell->there && cell->now != cell->told);
}

/* What `from` lacks to `to`, in base 36: a third fewer characters than in base 10. */
static void write_number(struct json *json, const char *mark, int64_t to, int64_t from)
{
    char digits[16], *at = digits + sizeof digits;
    bool less = to < from;
    uint64_t rest = less ? (uint64_t)from - (uint64_t)to : (uint64_t)to - (uint64_t)from;
    do
        *--at = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % 36];
    while ((rest /= 36) > 0);
    if (less)
        *--at = '-';
    json_raw(json, mark, strlen(mark));
    json_raw(json, at, (size_t)(digits + sizeof digits - at));
}

static void write_row(struct json *json, struct table_row *row)
{
    char word[32];
    int same = 0;
    bool begun = false;
    for (int id = 0; id < row->count; id++) {
        struct cell *cell = &row->cells[id];
        if (!changed(cell)) {
            same++;
            continue;
        }
        if (!begun) {
            json_key(json, row->name);
            json_raw(json, "\"", 1);
        }
        if (same > 0)
            json_raw(json, word, (size_t)snprintf(word, sizeof word, "%s~%d", begun ? " " : "", same));
        if (begun || same > 0)
            json_raw(json, " ", 1);
        if (!cell->there)
            json_raw(json, "!", 1);
        else if (!cell->known)
            write_number(json, "=", cell->now, 0);
        else
            write_number(json, "", cell->now, cell->told);
        begun = true;
        same = 0;
        cell->known = cell->there;
        cell->told = cell->now;
    }
    if (begun) {
        json_raw(json, "\"", 1);
        json->comma = true;
    }
}

void table_write(struct json *json, struct table *table)
{
    json_open(json, '{');
    for (size_t i = 0; i < table->count; i++)
        write_row(json, &table->rows[i]);
    json_close(json, '}');
}
