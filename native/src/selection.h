/*
 * Owns: which processes are meant by "pid:4711", "name:postgres", "cgroup:/a/b", "unit:x.service", "container:ID" or "pod:NAME",
 * and the control groups that hold them.
 */
#ifndef AGENT_SELECTION_H
#define AGENT_SELECTION_H

#include "process.h"

enum selection_kind { SELECT_PID, SELECT_NAME, SELECT_CGROUP, SELECT_UNIT, SELECT_CONTAINER, SELECT_POD };

struct selection {
    enum selection_kind kind;
    char *text;  /* as given */
    char *value; /* behind the colon */
    pid_t pid;
    unsigned long long start; /* of the process PID names; 0: it was not seen yet */
};

/* Control groups by path, each once. */
struct group_paths {
    char **list;
    size_t count;
    bool unified; /* of cgroup v2; else of the memory controller of v1 */
};

struct members {
    struct pids pids; /* without workers of the kernel and this program's own */
    struct group_paths groups; /* that are what was selected; none for a PID or a name */
};

/* Ends with `usage`. */
struct selection selection_parse(const char *text);
/*
 * One pass over /proc. A PID means the process that had it when it was first looked for: when another has the number by then,
 * nothing is found. Whoever calls frees what was found.
 */
struct members selection_find(struct selection *selection);
void members_free(struct members *members);
/* How much of a control group's path is the group that was selected; 0: it is another, as it always is of a PID or a name. */
size_t selection_in_path(const struct selection *selection, const char *path);

#endif
