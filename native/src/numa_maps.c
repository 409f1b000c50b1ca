/*
 * Owns: the pages of a process by node (declared in process.h). numa_maps has a line a mapping, with tokens such as
 * "N0=12 N1=3 kernelpagesize_kB=4": the counts are in pages of that size.
 */
#define _GNU_SOURCE
#include "json.h"
#include "numa.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NODES = sizeof(((struct numa_maps *)0)->on_node) / sizeof(uint64_t) };

static void add_mapping(struct numa_maps *resident, char *line)
{
    const char *size = strstr(line, " kernelpagesize_kB=");
    uint64_t unit = size != NULL ? strtoull(strchr(size, '=') + 1, NULL, 10) * 1024 : (uint64_t)sysconf(_SC_PAGESIZE);
    /* The name of a mapped file comes first and could look like a token, but its spaces are escaped (\040). */
    for (char *at = line; (at = strstr(at, " N")) != NULL;) {
        char *end;
        unsigned long node = strtoul(at + 2, &end, 10);
        at += 2;
        if (end != at && *end == '=' && node < NODES)
            resident->on_node[node] += strtoull(end + 1, NULL, 10) * unit;
    }
}

void numa_maps_add(struct numa_maps *resident, pid_t pid)
{
    struct text maps = { 0 };
    int error;
    if (numa_present()) {
        error = text_read(&maps, "/proc/%d/numa_maps", pid);
        char *rest = error == 0 ? maps.bytes : NULL;
        for (char *line; (line = strsep(&rest, "\n")) != NULL;)
            add_mapping(resident, line);
    } else {
        error = text_read(&maps, "/proc/%d/statm", pid); /* its second number is what is resident, in pages */
        const char *second = error == 0 ? strchr(maps.bytes, ' ') : NULL;
        if (second != NULL)
            resident->on_node[0] += strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
    }
    if (error != 0 && resident->error == 0)
        resident->error = error;
    text_free(&maps);
}

bool numa_maps_known(const struct numa_maps *resident)
{
    for (int node = 0; node < NODES; node++)
        if (resident->on_node[node] > 0)
            return true;
    return false;
}

void numa_maps_write(struct json *json, const struct numa_maps *resident)
{
    json_open(json, '{');
    for (int node = 0; node < NODES; node++)
        if (resident->on_node[node] > 0) {
            json_key_id(json, node);
            json_count(json, resident->on_node[node]);
        }
    if (!numa_maps_known(resident) && resident->error != 0) {
        json_key(json, "unavailable");
        switch (resident->error) {
        case -EACCES:
        case -EPERM:
            json_text(json, "the process belongs to somebody else: its numa_maps needs the same user and the ptrace right (or root)");
            break;
        case -ENOENT:
        case -ESRCH: json_text(json, "it has ended, or this kernel has no /proc/PID/numa_maps"); break;
        default: json_text(json, strerror(-resident->error)); break;
        }
    }
    json_close(json, '}');
}
