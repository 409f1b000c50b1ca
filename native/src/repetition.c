/* Owns: see repetition.h. */
#include "repetition.h"
#include "json.h"
#include "report.h"

static void write_seen(struct json *json, const struct repetition *repetition)
{
    uint64_t migrations = 0;
    json_key(json, "seen");
    json_open(json, '{');
    json_key(json, "cpus");
    json_open(json, '{');
    for (int i = 0; i < repetition->slots; i++) {
        json_key(json, repetition->slot[i].name);
        json_set(json, repetition->slot[i].seen);
    }
    json_close(json, '}');
    found_write(json, repetition->found);
    json_key(json, "migrations");
    for (int i = 0; i < repetition->threads; i++)
        migrations += worker_thread_migrations(&repetition->thread[i]);
    json_count(json, migrations);
    json_close(json, '}');
}

struct json *repetition_begin(const struct repetition *repetition)
{
    struct json *json = report_begin("repetition");
    json_key(json, "benchmark");
    json_text(json, repetition->benchmark);
    json_key(json, "case");
    json_integer(json, repetition->number);
    json_key(json, "round");
    json_count(json, repetition->round);
    json_key(json, "value");
    json_real(json, repetition->value, repetition->decimals);
    json_key(json, "metric");
    json_text(json, repetition->metric);
    json_key(json, "seconds");
    json_real(json, repetition->seconds, 9);
    write_seen(json, repetition);
    validity_write(json, repetition->validity);
    json_key(json, "counters");
    if (repetition->counters) {
        team_write_counters(json, repetition->thread, repetition->threads);
    } else {
        json_open(json, '{');
        json_close(json, '}');
    }
    return json;
}
