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
/* The first line comes early, the next ones each after twice as long, up to one a second: however short a program runs, its pages were
 * looked at in the latter half of it. */
#define FIRST_LINE_MS 100
#define LINE_MS 1000
/* A look is not repeated before this many times the CPU time it took has passed. */
enum { REST = 20 };

/* One thread, as the last look found it. */
struct observation {
    struct thread_facts facts;
    char *allowed;
};
static uint64_t look_due, family_due, line_due;
static unsigned line_ms = FIRST_LINE_MS; /* from the last line to the next */

static void forget(struct watch *watch)
{
    for (size_t i = 0; i < watch->observations; i++)
        free(watch->observation[i].allowed);
    watch->observations = 0;
}

static void keep(struct watch *watch, const struct thread_facts *facts, const struct cpuset *allowed)
{
    if (watch->observations == watch->observations_capacity) {
        watch->observations_capacity = watch->observations_capacity == 0 ? 64 : watch->observations_capacity * 2;
        watch->observation = realloc(watch->observation, watch->observations_capacity * sizeof *watch->observation);
        if (watch->observation == NULL)
            abort();
    }
    watch->observation[watch->observations++] = (struct observation){ *facts, set_text(allowed) };
}

/* When to do again what began when the thread had used so much: after so long, or after a rest that its cost demands. */
static uint64_t due(uint64_t used_before, unsigned usual_ms)
{
    uint64_t rest = (used_ns() - used_before) * REST;
    return now_ns() + (rest > usual_ms * NS_PER_MS ? rest : usual_ms * NS_PER_MS);
}

static void find_families(struct watch *watch, size_t count)
{
    uint64_t used = used_ns();
    for (size_t i = 0; i < count; i++) {
        if (watch[i].pid == 0)
            continue;
        pids_free(&watch[i].family);
        watch[i].family = descendants(watch[i].pid);
        pids_add(&watch[i].family, watch[i].pid);
    }
    family_due = due(used, FAMILY_MS);
}

static void look(struct watch *watch)
{
    bool first = true;
    for (size_t i = 0; i < watch->family.count; i++) {
        pid_t pid = watch->family.list[i];
        struct pids threads = threads_of(pid);
        for (size_t j = 0; j < threads.count; j++) {
            struct thread_facts facts;
            struct cpuset allowed;
            if (!thread_read(&facts, pid, threads.list[j]) || !thread_allowed(&allowed, pid, threads.list[j]))
                continue;
            if (first) /* the last look is kept until there is a new one: the program may be gone by now */
                forget(watch);
            first = false;
            keep(watch, &facts, &allowed);
            pins_thread(watch->program, &facts, &allowed);
        }
        pids_free(&threads);
    }
    if (!first) {
        watch->observed_ns = now_ns();
        watch->untold = true;
    }
}

static void write_line(struct watch *watch)
{
    struct json *json = report_begin("observed");
    json_key(json, "program");
    json_integer(json, watch->program);
    report_moment(json, watch->observed_ns);
    json_key(json, "threads");
    json_open(json, '[');
    for (size_t i = 0; i < watch->observations; i++) {
        json_open(json, '{');
        thread_write(json, &watch->observation[i].facts);
        json_key(json, "pid");
        json_integer(json, watch->observation[i].facts.pid);
        json_key(json, "allowed");
        json_text(json, watch->observation[i].allowed);
        json_key(json, "cpuSeconds");
        json_real(json, watch->observation[i].facts.cpu_seconds, 2);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "residentBytes");
    numa_maps_write(json, &watch->resident);
    report_end();
    watch->untold = false;
}

/* Sums of all processes of the program; pages they share are counted for each. */
static void look_at_pages(struct watch *watch)
{
    struct numa_maps now = { 0 };
    for (size_t i = 0; i < watch->family.count; i++)
        numa_maps_add(&now, watch->family.list[i]);
    if (numa_maps_known(&now) || !numa_maps_known(&watch->resident))
        watch->resident = now;
}

uint64_t observe(struct watch *watch, size_t count)
{
    uint64_t start = now_ns(), used = used_ns();
    bool early = line_due == 0, tell = !early && start >= line_due;
    if (start < look_due)
        return look_due;
    if (start >= family_due)
        find_families(watch, count);
    for (size_t i = 0; i < count; i++) {
        if (watch[i].pid == 0)
            continue;
        look(&watch[i]);
        if (early || (tell && watch[i].untold))
            look_at_pages(&watch[i]);
        if (tell && watch[i].untold)
            write_line(&watch[i]);
    }
    if (tell)
        line_ms = 2 * line_ms < LINE_MS ? 2 * line_ms : LINE_MS;
    if (early || tell)
        line_due = start + line_ms * NS_PER_MS;
    look_due = due(used, pins_of_threads() ? EAGER_MS : line_ms < CALM_MS ? line_ms : CALM_MS);
    return look_due;
}

void observe_last(struct watch *watch)
{
    if (watch->untold)
        write_line(watch);
}

void observe_soon(void)
{
    look_due = family_due = line_due = 1;
}
