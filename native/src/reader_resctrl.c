/*
 * Owns: the reader `resctrl`: how much of the L3 is used, and the bytes between L3 and memory since the start, by node, of all control
 * groups together (Documentation/filesystems/resctrl.rst). Rows "llc_occupancy", "mbm_total_bytes" and "mbm_local_bytes"; "unassigned"
 * and "unavailable" count the domains of a node whose counter said that word instead. What is read costs a call on a CPU of the domain.
 */
#include "cpuset.h"
#include "host_files.h"
#include "places.h"
#include "readers.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROUPS_AT "/sys/fs/resctrl"

static const char *const event[] = { "llc_occupancy", "mbm_total_bytes", "mbm_local_bytes" };
enum { EVENTS = sizeof event / sizeof event[0], DOMAINS = 1024 };

/* By id of an L3: its node; -1 not looked up, -2 CPUs of several nodes share it. */
static int node_of_cache[DOMAINS];
static struct text text;

const char *reader_resctrl_begin(void)
{
    for (int i = 0; i < DOMAINS; i++)
        node_of_cache[i] = -1;
    places_read();
    glob_t found = host_glob("/sys/devices/system/cpu/cpu[0-9]*/cache/index3/id");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        long long id;
        const char *path = host_path(found.gl_pathv[i]);
        int node = place_of(atoi(path + strlen("/sys/devices/system/cpu/cpu")));
        if (!host_number(&id, "%s", path) || id < 0 || id >= DOMAINS || node < 0)
            continue;
        node_of_cache[id] = node_of_cache[id] == -1 || node_of_cache[id] == node ? node : -2;
    }
    globfree(&found);
    return NULL;
}

/* Why nothing is monitored, as far as the files say. */
static const char *lacking(void)
{
    glob_t info = host_glob(GROUPS_AT "/info");
    bool mounted = info.gl_pathc > 0;
    globfree(&info);
    if (mounted)
        return "resctrl is mounted, but this CPU does not monitor its L3 or its memory bandwidth.";
    int fd = host_open("/proc/filesystems");
    bool known = fd >= 0 && text_read_fd(&text, fd) == 0 && strstr(text.bytes, "\tresctrl\n") != NULL;
    if (fd >= 0)
        close(fd);
    return known ? "resctrl is not mounted. Root can: mount -t resctrl resctrl /sys/fs/resctrl"
                 : "This kernel offers no resctrl: it is built without it, or this CPU (or the hypervisor under it) cannot monitor its L3.";
}

/* One event of one domain: a number, or a word ("Unassigned", "Unavailable", "Error"). */
static void take_event(struct table *table, const char *folder, const char *name, int node)
{
    char *end;
    int fd = host_open("%s/%s", folder, name);
    if (fd < 0)
        return; /* the CPU does not count it */
    int error = text_read_fd(&text, fd);
    close(fd);
    long long value = error == 0 ? strtoll(text.bytes, &end, 10) : 0;
    if (error == 0 && end != text.bytes)
        table_add(table, name, node, value);
    else
        table_add(table, error == 0 && strncmp(text.bytes, "Unassigned", 10) == 0 ? "unassigned" : "unavailable", node, 1);
}

static void take_domain(struct table *table, const char *folder, int node)
{
    for (int i = 0; i < EVENTS; i++)
        take_event(table, folder, event[i], node);
}

/* With sub-NUMA clustering a domain has a folder a node below it, whose number is the node's; false where it has none. */
static bool take_nodes(struct table *table, const char *domain)
{
    char pattern[PATH_MAX];
    snprintf(pattern, sizeof pattern, "%s/mon_sub_L3_[0-9]*", domain);
    glob_t found = host_glob(pattern);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = host_path(found.gl_pathv[i]);
        take_domain(table, path, atoi(strrchr(path, '_') + 1));
    }
    bool some = found.gl_pathc > 0;
    globfree(&found);
    return some;
}

const char *reader_resctrl_read(struct table *table)
{
    static char why[256];
    static const char *const pattern[] = { GROUPS_AT "/mon_data/mon_L3_[0-9]*", GROUPS_AT "/*/mon_data/mon_L3_[0-9]*" };
    bool some = false, taken = false;
    int shared = -1;
    for (int i = 0; i < 2; i++) {
        glob_t found = host_glob(pattern[i]);
        for (size_t j = 0; j < found.gl_pathc; j++) {
            const char *domain = host_path(found.gl_pathv[j]);
            int id = atoi(strrchr(domain, '_') + 1);
            int node = id >= 0 && id < DOMAINS ? node_of_cache[id] : -1;
            some = true;
            if (take_nodes(table, domain))
                taken = true;
            else if (node >= 0) {
                take_domain(table, domain, node);
                taken = true;
            } else if (node == -2)
                shared = id;
        }
        globfree(&found);
    }
    if (taken)
        return NULL;
    if (!some)
        return lacking();
    if (shared < 0)
        return "This host does not say which CPUs the domains of resctrl belong to (cache/index3/id).";
    snprintf(why, sizeof why, "CPUs of several nodes share L3 %d (sub-NUMA clustering); kernels before 6.11 cannot tell the nodes apart in it.", shared);
    return why;
}
