/* Owns: see readers.h. */
#include "readers.h"
#include "clock.h"
#include "json.h"
#include "report.h"

#include <stdbool.h>
#include <string.h>

/* No reader runs more often than once a second (less what a sample may come early), and none takes more than this part of the time. */
#define READ_EVERY_NS (NS_PER_SECOND - 50 * NS_PER_MS)
enum { PART_OF_TIME = 200 };

static struct reader {
    const char *name;
    const char *(*begin)(void);
    const char *(*read)(struct table *table);
    bool asked, begun;
    const char *lacks; /* why it never will have figures */
    uint64_t due_ns;
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
    json_key(json, "tables");
    json_open(json, '{');
    for (size_t i = 0; i < READERS; i++) {
        struct reader *one = &reader[i];
        if (!one->asked || now < one->due_ns)
            continue;
        uint64_t before = used_ns();
        write_reader(json, one);
        uint64_t rest = (used_ns() - before) * PART_OF_TIME;
        one->due_ns = one->lacks != NULL ? UINT64_MAX : now + (rest > READ_EVERY_NS ? rest : READ_EVERY_NS);
    }
    json_close(json, '}');
}
