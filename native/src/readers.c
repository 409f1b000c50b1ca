/* Owns: see readers.h. */
#include "readers.h"
#include "json.h"
#include "pace.h"
#include "report.h"

#include <stdbool.h>
#include <string.h>

/* Of the time, and of the line to who reads, for each reader: what has thousands of cells is told less often. */
enum { PART_OF_TIME = 200, BYTES_A_SECOND = 1024 };

static struct reader {
    const char *name;
    const char *(*begin)(void);
    const char *(*read)(struct table *table);
    bool asked, begun;
    const char *lacks; /* why it never will have figures */
    struct pace pace;
    struct table table;
} reader[] = {
#define READER_ROW(called, id) { .name = called, .begin = reader_##id##_begin, .read = reader_##id##_read },
    SAMPLE_READERS(READER_ROW)
#undef READER_ROW
};

enum { READERS = sizeof reader / sizeof reader[0] };

void readers_ask(const char *name)
{
    for (size_t i = 0; i < READERS; i++)
        if (strcmp(reader[i].name, name) == 0) {
            reader[i].asked = true;
            return;
        }
    fail(FAIL_USAGE, NULL, "There is no reader \"%s\".", name);
}

static void write_reader(struct json *json, struct reader *one)
{
    if (!one->begun) {
        one->begun = true;
        one->lacks = one->begin();
    }
    table_clear(&one->table);
    const char *why = one->lacks != NULL ? one->lacks : one->read(&one->table);
    json_key(json, one->name);
    if (why != NULL)
        json_text(json, why);
    else
        table_write(json, &one->table);
}

void readers_write(struct json *json, uint64_t now)
{
    bool begun = false;
    for (size_t i = 0; i < READERS; i++) {
        struct reader *one = &reader[i];
        if (!one->asked || !pace_due(&one->pace, now))
            continue;
        if (!begun) {
            json_key(json, "tables");
            json_open(json, '{');
            begun = true;
        }
        size_t before = json->length;
        pace_begin(&one->pace);
        write_reader(json, one);
        uint64_t sent_ns = (json->length - before) * NS_PER_SECOND / BYTES_A_SECOND;
        pace_end(&one->pace, now, sent_ns > PACE_SECOND_NS ? sent_ns : PACE_SECOND_NS, PART_OF_TIME);
        if (one->lacks != NULL)
            one->pace.due_ns = UINT64_MAX; /* said once */
    }
    if (begun)
        json_close(json, '}');
}
