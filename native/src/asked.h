/*
 * Owns: what was asked for a process about CPUs and memory, as far as that can be read: its variables of OpenMP and of the batch
 * system, its control group's cpuset, what the kubelet wrote down. Of an environment only the named variables ever leave the host:
 * the rest may hold secrets.
 */
#ifndef AGENT_ASKED_H
#define AGENT_ASKED_H

#include <sys/types.h>

struct json;

/* { "environment": {NAME: value} or {"unavailable"}, "cpuset": { "path", "cpus", "mems" } or null } */
void asked_write(struct json *json, pid_t pid);
/* What /var/lib/kubelet/cpu_manager_state holds, as text, or null where it cannot be read. */
void asked_write_kubelet(struct json *json);

#endif
