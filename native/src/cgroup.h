/*
 * Owns: control groups, of both versions: which one a process is in, where its files are, its memory by node, and the CPUs and
 * nodes that it leaves.
 */
#ifndef AGENT_CGROUP_H
#define AGENT_CGROUP_H

#include "selection.h"
#include "text.h"

#include <stddef.h>
#include <stdint.h>

struct json;

/*
 * Steps along the lines of /proc/PID/cgroup, which it cuts into pieces. `controllers` is empty for the line of v2. False: at the end.
 */
bool cgroup_next(char **rest, char **controllers, char **path);
/* Whether a list of controllers ("cpu,cpuacct") has one. */
bool cgroup_has(const char *controllers, const char *name);

/* The file of a control group; false where it is not mounted or has no such file. `controller` NULL: of v2. */
bool cgroup_read(struct text *text, const char *controller, const char *path, const char *file);

/* { "source", "anon": {node: bytes}, "file", "kernel" } of all of them together, or { "unavailable": why }. */
void cgroup_write_memory(struct json *json, const struct group_paths *groups);
/* The CPUs and nodes that were asked for by the nearest control group which asks, and that group: { "path", "cpus", "mems" }, or null. */
void cgroup_write_cpuset(struct json *json, pid_t pid);

#endif
