/* Owns: see observe.h. */
#include "observe.h"
#include "clock.h"
#include "json.h"
#include "pins.h"
#include "process.h"
#include "report.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Between looks: 20 ms to catch threads as they start; else enough for the last look to be near the end. */
#define EAGER_MS 20
#define CALM_MS 200
/* The one pass over all of /proc that finds what the program started. */
#define FAMILY_MS 200
/* The first line comes early, for programs that do not run for a second. */
#define FIRST_LINE_MS 200
#define LINE_MS 1000
/* A look is not repeated before this many times the CPU time it took has passed. */
enum { REST = 20 };

static struct sight {
    struct thread_facts facts;
    char *allowed;
} *sight;
static size_t sights, sights_capacity;
static struct residence residence;
static struct pids family;
static uint64_t sight_ns, look_due, family_due, line_due;
static bool told = true; /* a line has told of the last look */

static void forget(void)
{
    for (size_t i = 0; i < sights; i++)
        free(sight[i].allowed);
    sights = 0;
}

static void keep(const struct thread_facts *facts, const struct cpuset *allowed)
{
    if (sights == sights_capacity) {
        sights_capacity = sights_capacity == 0 ? 64 : sights_capacity * 2;
        sight = realloc(sight, sights_capacity * sizeof *sight);
        if (sight == NULL)
            abort();
    }
    sight[sights++] = (struct sight){ *facts, set_text(allowed) };
}

/* When to do again what began when the thread had used so much: after so long, or after a rest that its cost demands. */
static uint64_t due(uint64_t used_before, unsigned usual_ms)
{
    uint64_t rest = (used_ns() - used_before) * REST;
    return now_ns() + (rest > usual_ms * NS_PER_MS ? rest : usual_ms * NS_PER_MS);
}

static void find_family(pid_t program)
{
    uint64_t used = used_ns();
    pids_free(&family);
    family = descendants(program);
    pids_add(&family, program);
    family_due = due(used, FAMILY_MS);
}

static void look(void)
{
    bool first = true;
    for (size_t i = 0; i < family.count; i++) {
        struct pids threads = threads_of(family.list[i]);
        for (size_t j = 0; j < threads.count; j++) {
            struct thread_facts facts;
            struct cpuset allowed;
            if (!thread_read(&facts, family.list[i], threads.list[j]) || !thread_allowed(&allowed, family.list[i], threads.list[j]))
                continue;
            if (first) /* the last look is kept until there is a new one: the program may be gone by now */
                forget();
            first = false;
            keep(&facts, &allowed);
            pins_thread(&facts, &allowed);
        }
        pids_free(&threads);
    }
    if (!first) {
        sight_ns = now_ns();
        told = false;
    }
}

static void write_line(void)
{
    struct json *json = report_begin("observed");
    json_key(json, "monotonicMs");
    json_real(json, (double)sight_ns / 1e6, 3);
    json_key(json, "threads");
    json_open(json, '[');
    for (size_t i = 0; i < sights; i++) {
        json_open(json, '{');
        thread_write(json, &sight[i].facts);
        json_key(json, "allowed");
        json_text(json, sight[i].allowed);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "residentBytes");
    residence_write(json, &residence);
    report_end();
    told = true;
}

/* Sums of all processes of the program; pages they share are counted for each. */
static void look_at_pages(void)
{
    struct residence now = { 0 };
    for (size_t i = 0; i < family.count; i++)
        residence_add(&now, family.list[i]);
    if (residence_known(&now) || !residence_known(&residence))
        residence = now;
}

uint64_t observe(pid_t program)
{
    uint64_t start = now_ns(), used = used_ns();
    if (start < look_due)
        return look_due;
    if (start >= family_due)
        find_family(program);
    look();
    if (line_due == 0) {
        look_at_pages();
        line_due = start + FIRST_LINE_MS * NS_PER_MS;
    }
    if (start >= line_due && !told) {
        look_at_pages();
        write_line();
        line_due = start + LINE_MS * NS_PER_MS;
    }
    look_due = due(used, pins_of_threads() ? EAGER_MS : CALM_MS);
    return look_due;
}

void observe_last(void)
{
    if (!told)
        write_line();
}
