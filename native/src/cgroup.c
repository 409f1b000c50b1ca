/* Owns: see cgroup.h. */
#define _GNU_SOURCE /* strsep */
#include "cgroup.h"
#include "json.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NODES = 1024 };

bool cgroup_next(char **rest, char **controllers, char **path)
{
    for (char *line; (line = strsep(rest, "\n")) != NULL;) {
        char *first = strchr(line, ':'), *second = first != NULL ? strchr(first + 1, ':') : NULL;
        if (second == NULL || second[1] != '/')
            continue;
        *second = '\0';
        *controllers = first + 1;
        *path = second + 1;
        return true;
    }
    return false;
}

bool cgroup_has(const char *controllers, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = controllers; (at = strstr(at, name)) != NULL; at += length)
        if ((at == controllers || at[-1] == ',') && (at[length] == '\0' || at[length] == ','))
            return true;
    return false;
}

/* Where a hierarchy is mounted, and which of its groups that shows at the mount point: in a container not always the root. */
struct mount {
    char point[PATH_MAX], root[PATH_MAX];
};

/* mountinfo: "36 35 0:30 ROOT POINT OPTIONS [TAGS]... - TYPE SOURCE SUPER-OPTIONS" (proc_pid_mountinfo(5)) */
static bool find_mount(struct mount *mount, const char *controller)
{
    struct text mounts = { 0 };
    bool found = false;
    char *rest = text_read(&mounts, "/proc/self/mountinfo") == 0 ? mounts.bytes : NULL;
    for (char *line; !found && (line = strsep(&rest, "\n")) != NULL;) {
        const char *dash = strstr(line, " - ");
        char type[32] = "", options[512] = "";
        if (dash == NULL || sscanf(dash, " - %31s %*s %511s", type, options) < 1)
            continue;
        if (controller == NULL ? strcmp(type, "cgroup2") != 0 : strcmp(type, "cgroup") != 0 || !cgroup_has(options, controller))
            continue;
        found = sscanf(line, "%*s %*s %*s %4095s %4095s", mount->root, mount->point) == 2;
    }
    text_free(&mounts);
    return found;
}

bool cgroup_read(struct text *text, const char *controller, const char *path, const char *file)
{
    struct mount mount;
    if (!find_mount(&mount, controller))
        return false;
    size_t root = strlen(mount.root);
    const char *below = path;
    if (root > 1 && strncmp(path, mount.root, root) == 0)
        below += root;
    return text_read(text, "%s%s/%s", mount.point, strcmp(below, "/") == 0 ? "" : below, file) == 0;
}

/* Sums of "KEY N0=12 N1=3" by node, for one of the parts that are told. */
struct part {
    const char *name;
    const char *const *keys; /* ends with NULL */
    uint64_t on_node[NODES];
    bool known;
};

static void add_line(struct part *part, char *values, uint64_t unit)
{
    part->known = true;
    for (char *at = values; (at = strstr(at, " N")) != NULL;) {
        char *end;
        unsigned long node = strtoul(at + 2, &end, 10);
        at += 2;
        if (end != at && *end == '=' && node < NODES)
            part->on_node[node] += strtoull(end + 1, NULL, 10) * unit;
    }
}

/* v2 counts bytes, and each group with those below it. v1 counts pages, and has such sums under other names. */
static bool add_file(struct part *part, const char *path, bool unified)
{
    struct text stat = { 0 };
    bool found = cgroup_read(&stat, unified ? NULL : "memory", path, "memory.numa_stat");
    uint64_t unit = unified ? 1 : (uint64_t)sysconf(_SC_PAGESIZE);
    char *rest = found ? stat.bytes : NULL;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        size_t key = strcspn(line, unified ? " " : "=");
        for (struct part *one = part; one->name != NULL; one++)
            for (const char *const *name = one->keys; *name != NULL; name++)
                if (strlen(*name) == key && strncmp(line, *name, key) == 0)
                    add_line(one, line + key, unit);
    }
    text_free(&stat);
    return found;
}

static const char *const ANON[] = { "anon", "hierarchical_anon", NULL };
static const char *const FILES[] = { "file", "hierarchical_file", NULL };
static const char *const KERNEL[] = { "kernel_stack", "pagetables", "sec_pagetables", "slab_reclaimable", "slab_unreclaimable", NULL };

void cgroup_write_memory(struct json *json, const struct group_paths *groups)
{
    static struct part part[4];
    const struct part fresh[4] = { { .name = "anon", .keys = ANON }, { .name = "file", .keys = FILES }, { .name = "kernel", .keys = KERNEL } };
    bool found = false;
    memcpy(part, fresh, sizeof part);
    for (size_t i = 0; i < groups->count; i++)
        found = add_file(part, groups->list[i], groups->unified) || found;
    json_open(json, '{');
    if (!found) {
        json_key(json, "unavailable");
        json_text(json, groups->count == 0 ? "there is no control group of just these processes: see their sampled pages"
                                           : "it has no memory.numa_stat: the memory controller is off there, the kernel is older than 5.11, or it is the root");
    } else {
        json_key(json, "source");
        json_text(json, groups->unified ? "memory.numa_stat" : "memory.numa_stat (cgroup v1)");
    }
    for (const struct part *one = part; found && one->name != NULL; one++) {
        if (!one->known)
            continue;
        json_key(json, one->name);
        json_open(json, '{');
        for (int node = 0; node < NODES; node++)
            if (one->on_node[node] > 0) {
                json_key_id(json, node);
                json_count(json, one->on_node[node]);
            }
        json_close(json, '}');
    }
    json_close(json, '}');
}

/* The list of ids that a file of the group holds, or NULL where it asks for nothing. */
static bool asked_list(struct text *text, const char *controller, const char *path, const char *file)
{
    if (!cgroup_read(text, controller, path, file))
        return false;
    text->bytes[strcspn(text->bytes, "\n")] = '\0';
    return text->bytes[0] != '\0';
}

/* In the path's place the nearest group above that asks for CPUs or nodes; false: none does. */
static bool find_asking(const char *controller, char *path, struct text *cpus, struct text *mems, bool *has_cpus, bool *has_mems)
{
    for (;;) {
        *has_cpus = asked_list(cpus, controller, path, "cpuset.cpus");
        *has_mems = asked_list(mems, controller, path, "cpuset.mems");
        if (*has_cpus || *has_mems)
            return true;
        char *slash = strrchr(path, '/');
        if (slash == NULL || slash[1] == '\0')
            return false;
        slash[slash == path ? 1 : 0] = '\0';
    }
}

void cgroup_write_cpuset(struct json *json, pid_t pid)
{
    struct text groups = { 0 }, cpus = { 0 }, mems = { 0 };
    bool has_cpus = false, has_mems = false, found = false;
    char *rest = text_read(&groups, "/proc/%d/cgroup", pid) == 0 ? groups.bytes : NULL, *controllers, *path = NULL;
    while (!found && rest != NULL && cgroup_next(&rest, &controllers, &path)) {
        bool unified = controllers[0] == '\0';
        if (unified || cgroup_has(controllers, "cpuset"))
            found = find_asking(unified ? NULL : "cpuset", path, &cpus, &mems, &has_cpus, &has_mems);
    }
    if (!found)
        json_null(json);
    else {
        json_open(json, '{');
        json_key(json, "path");
        json_text(json, path);
        json_key(json, "cpus");
        has_cpus ? json_text(json, cpus.bytes) : json_null(json);
        json_key(json, "mems");
        has_mems ? json_text(json, mems.bytes) : json_null(json);
        json_close(json, '}');
    }
    text_free(&groups);
    text_free(&cpus);
    text_free(&mems);
}
