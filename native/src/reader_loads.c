/*
 * Owns: the reader `loads`: loads that memory answered, not a cache, since the start, by the node of the CPU that loaded: rows "all" and
 * "remote", of what another node's memory answered. Intel: the kernel's node-loads and node-load-misses, which count all of them and the
 * remote ones. AMD has no such events in the kernel's table, but its own: fills from the memory of this node and of another.
 */
#include "cpuset.h"
#include "host_files.h"
#include "kernel.h"
#include "places.h"
#include "pmu.h"
#include "readers.h"
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct event {
    const char *name;
    uint32_t type;
    uint64_t config;
};

enum { PERF_RAW = 4 };

/* Those of "all" that the second is not in are added to it. */
static const struct kind {
    struct event near, remote;
    bool near_has_remote;
} generic = { { "node-loads", PERF_CACHE, PERF_NODE }, { "node-load-misses", PERF_CACHE, PERF_NODE | PERF_READ_MISS }, true },
  /* ls_dmnd_fills_from_sys, of Zen 2 ls_refills_from_sys: event 0x43, units 0x08 and 0x40 */
  amd = { { "ls_dmnd_fills_from_sys.mem_io_local", PERF_RAW, 0x0843 }, { "ls_dmnd_fills_from_sys.mem_io_remote", PERF_RAW, 0x4043 }, false };

static const struct kind *kind = &generic;
static struct pmu_counter near[SET_BITS], remote[SET_BITS];
static char why[320];

static bool is_amd(void)
{
    struct text text = { 0 };
    int fd = host_open("/proc/cpuinfo");
    bool found = fd >= 0 && text_read_fd(&text, fd) == 0 && strstr(text.bytes, "AuthenticAMD") != NULL;
    if (fd >= 0)
        close(fd);
    text_free(&text);
    return found;
}

static int open_event(struct pmu_counter *counter, const struct event *event, int cpu)
{
    int error = pmu_open(counter, event->type, event->config, cpu);
    if (error != 0)
        pmu_explain(why, sizeof why, error, event->name);
    return error;
}

const char *reader_loads_begin(void)
{
    struct cpuset online;
    if (!host_set(&online, "/sys/devices/system/cpu/online"))
        return "/sys/devices/system/cpu/online cannot be read on this host.";
    if (is_amd())
        kind = &amd;
    for (int cpu = set_next(&online, -1); cpu >= 0; cpu = set_next(&online, cpu))
        if (open_event(&near[cpu], &kind->near, cpu) != 0 || open_event(&remote[cpu], &kind->remote, cpu) != 0)
            break;
    for (int cpu = 0; why[0] != '\0' && cpu < SET_BITS; cpu++) {
        pmu_close(&near[cpu]); /* hardware that others may want */
        pmu_close(&remote[cpu]);
    }
    return why[0] != '\0' ? why : NULL;
}

const char *reader_loads_read(struct table *table)
{
    bool counted = false;
    places_read();
    for (int cpu = 0; cpu < SET_BITS; cpu++) {
        int64_t own = pmu_read(&near[cpu]), far = pmu_read(&remote[cpu]);
        if (own < 0 || far < 0)
            continue;
        counted = true;
        table_add(table, "all", place_of(cpu), kind->near_has_remote ? own : own + far);
        table_add(table, "remote", place_of(cpu), far);
    }
    return counted ? NULL : "The events got no hardware counter: others hold them all (a watchdog, another perf).";
}
