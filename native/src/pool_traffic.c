/* Owns: see pool_traffic.h. */
#include "pool_traffic.h"
#include "clock.h"
#include "cpuset.h"
#include "json.h"
#include "readers.h"

#include <stdbool.h>
#include <stdio.h>

enum { NODES = 1024 };

static struct source {
    const char *name, *row;
    const char *(*begin)(void);
    const char *(*read)(struct table *table);
    const char *why; /* it has no figures */
} source[] = {
    { "memory controllers", "controller", reader_links_begin, reader_links_read, NULL },
    { "resctrl", "mbm_total_bytes", reader_resctrl_begin, reader_resctrl_read, NULL },
};
enum { SOURCES = sizeof source / sizeof source[0] };

static struct table table;
static struct source *chosen;
static const char *failed; /* at the end */
static int64_t before[NODES], moved[NODES];
static bool there[NODES];
static uint64_t begun_ns, ns;

/* What is there now, by node. False: nothing. */
static bool look(struct source *one, int64_t now[NODES])
{
    bool some = false;
    table_clear(&table);
    one->why = one->read(&table);
    for (int node = 0; node < NODES && one->why == NULL; node++) {
        there[node] = table_get(&table, one->row, node, &now[node]);
        some |= there[node];
    }
    if (one->why == NULL && !some)
        one->why = "This host counts no bytes there.";
    return some;
}

static void begin(void)
{
    static bool known;
    for (int i = 0; i < SOURCES && !known; i++)
        if ((source[i].why = source[i].begin()) == NULL && look(&source[i], before) && chosen == NULL)
            chosen = &source[i];
    known = true;
    if (chosen == NULL)
        return;
    look(chosen, before);
    begun_ns = now_ns();
}

static void end(void)
{
    static int64_t now[NODES];
    if (chosen == NULL)
        return;
    ns = now_ns() - begun_ns;
    failed = look(chosen, now) ? NULL : chosen->why;
    for (int node = 0; node < NODES; node++)
        moved[node] = there[node] ? now[node] - before[node] : 0;
}

void pool_traffic_at(enum phase phase)
{
    if (phase == PHASE_MEASURE)
        begin();
    else if (phase == PHASE_STOP)
        end();
}

void pool_traffic_write(struct json *json)
{
    char text[640];
    json_key(json, "traffic");
    json_open(json, '{');
    if (chosen == NULL || failed != NULL || ns == 0) {
        snprintf(text, sizeof text, "%s %s", source[0].why != NULL ? source[0].why : "", source[1].why != NULL ? source[1].why : "");
        json_key(json, "unavailable");
        json_text(json, failed != NULL ? failed : text);
    } else {
        json_key(json, "source");
        json_text(json, chosen->name);
        json_key(json, "nodes");
        json_open(json, '{');
        for (int node = 0; node < NODES; node++) {
            if (!there[node])
                continue;
            snprintf(text, sizeof text, "%d", node);
            json_key(json, text);
            json_real(json, (double)moved[node] / seconds_of(ns), 0);
        }
        json_close(json, '}');
    }
    json_close(json, '}');
}
