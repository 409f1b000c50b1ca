/* Owns: see selection.h. */
#define _GNU_SOURCE /* strsep, strndup */
#include "selection.h"
#include "args.h"
#include "cgroup.h"
#include "report.h"
#include "text.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const kind_name[] = { "pid", "name", "cgroup", "unit", "container", "pod" };
enum { KINDS = sizeof kind_name / sizeof kind_name[0] };

struct selection selection_parse(const char *text)
{
    const char *colon = strchr(text, ':');
    struct selection selection = { .text = words("%s", text) };
    for (int i = 0; colon != NULL && colon[1] != '\0' && i < KINDS; i++) {
        uint64_t pid = 0;
        if (strlen(kind_name[i]) != (size_t)(colon - text) || strncmp(text, kind_name[i], (size_t)(colon - text)) != 0)
            continue;
        if (i == SELECT_PID && !parse_number(colon + 1, 1, INT_MAX, &pid))
            break;
        selection.kind = (enum selection_kind)i;
        selection.value = selection.text + (colon + 1 - text);
        selection.pid = (pid_t)pid;
        return selection;
    }
    fail(FAIL_USAGE, NULL, "A selection is pid:N, name:NAME, cgroup:/PATH, unit:NAME, container:ID or pod:NAME, not \"%s\".", text);
}

static void add_group(struct group_paths *groups, const char *path, size_t length)
{
    for (size_t i = 0; i < groups->count; i++)
        if (strlen(groups->list[i]) == length && strncmp(groups->list[i], path, length) == 0)
            return;
    groups->list = realloc(groups->list, (groups->count + 1) * sizeof *groups->list);
    char *own = strndup(path, length);
    if (groups->list == NULL || own == NULL)
        abort();
    groups->list[groups->count++] = own;
}

static void groups_free(struct group_paths *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        free(groups->list[i]);
    free(groups->list);
    *groups = (struct group_paths){ 0 };
}

void members_free(struct members *members)
{
    pids_free(&members->pids);
    groups_free(&members->groups);
}

/* systemd puts an underscore before names that would look like a file of the kernel's. */
static bool is_unit(const char *part, size_t length, const char *unit)
{
    if (length > 0 && part[0] == '_' && unit[0] != '_')
        return is_unit(part + 1, length - 1, unit);
    return strlen(unit) == length && strncmp(part, unit, length) == 0;
}

/*
 * What makers of containers call their groups: docker-ID.scope, cri-containerd-ID.scope, crio-ID.scope, libpod-ID.scope; ID alone
 * below docker/ or kubepods/; lxc.payload.NAME, machine-NAME.scope. A beginning is enough where it is of an ID of 64 digits.
 */
static bool is_container(const char *part, size_t length, const char *id)
{
    size_t given = strlen(id), scope = sizeof ".scope" - 1;
    if (length > scope && strncmp(part + length - scope, ".scope", scope) == 0)
        length -= scope;
    for (size_t start = 0; start < length; start++) {
        if (start > 0 && strchr("-.", part[start - 1]) == NULL)
            continue;
        size_t left = length - start;
        bool is_id = left == 64 && strspn(part + start, "0123456789abcdef") >= 64;
        if (strncmp(part + start, id, given < left ? given : left) == 0 && (given == left || (is_id && given < left)))
            return true;
    }
    return false;
}

/* "kubepods-burstable-pod0a_1b.slice" by systemd, "pod0a-1b" else. */
static bool is_pod(const char *part, size_t length, const char *uid)
{
    for (const char *at = part; (at = strstr(at, "pod")) != NULL && at < part + length; at++) {
        const char *own = at + 3;
        size_t left = length - (size_t)(own - part), i = 0;
        if (at != part && at[-1] != '-')
            continue;
        while (uid[i] != '\0' && i < left && (own[i] == uid[i] || (own[i] == '_' && uid[i] == '-')))
            i++;
        if (uid[i] == '\0' && (i == left || (left - i == 6 && strncmp(own + i, ".slice", 6) == 0)))
            return true;
    }
    return false;
}

/* The UIDs of the pods of a name ("web-0", "shop/web-0"), from the folders of their logs: NAMESPACE_NAME_UID. And the value itself. */
static struct group_paths pod_uids(const char *value)
{
    struct group_paths uids = { 0 };
    const char *slash = strchr(value, '/'), *name = slash != NULL ? slash + 1 : value;
    DIR *dir = opendir("/var/log/pods");
    add_group(&uids, value, strlen(value));
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char *first = strchr(entry->d_name, '_'), *last = strrchr(entry->d_name, '_');
        if (first == NULL || last == first || strlen(name) != (size_t)(last - first - 1) || strncmp(first + 1, name, strlen(name)) != 0)
            continue;
        size_t space = (size_t)(first - entry->d_name);
        if (slash == NULL || ((size_t)(slash - value) == space && strncmp(value, entry->d_name, space) == 0))
            add_group(&uids, last + 1, strlen(last + 1));
    }
    if (dir != NULL)
        closedir(dir);
    return uids;
}

static size_t matches(const struct selection *selection, const struct group_paths *uids, const char *path)
{
    size_t given = strlen(selection->value);
    if (selection->kind == SELECT_CGROUP) {
        if (strcmp(selection->value, "/") == 0)
            return 1;
        return strncmp(path, selection->value, given) == 0 && (path[given] == '\0' || path[given] == '/') ? given : 0;
    }
    for (const char *part = path; *part == '/';) {
        size_t length = strcspn(++part, "/");
        bool is = selection->kind == SELECT_UNIT ? is_unit(part, length, selection->value)
                  : selection->kind == SELECT_CONTAINER && is_container(part, length, selection->value);
        for (size_t i = 0; !is && i < uids->count; i++)
            is = is_pod(part, length, uids->list[i]);
        part += length;
        if (is)
            return (size_t)(part - path);
    }
    return 0;
}

size_t selection_in_path(const struct selection *selection, const char *path)
{
    struct group_paths uids = selection->kind == SELECT_POD ? pod_uids(selection->value) : (struct group_paths){ 0 };
    bool by_process = selection->kind == SELECT_PID || selection->kind == SELECT_NAME;
    size_t length = by_process ? 0 : matches(selection, &uids, path);
    groups_free(&uids);
    return length;
}

static bool in_group(struct members *members, struct group_paths *of_v1, const struct selection *selection, const struct group_paths *uids, pid_t pid)
{
    struct text text = { 0 };
    bool found = false;
    char *rest = text_read(&text, "/proc/%d/cgroup", pid) == 0 ? text.bytes : NULL, *controllers, *path;
    while (rest != NULL && cgroup_next(&rest, &controllers, &path)) {
        size_t length = matches(selection, uids, path);
        if (length == 0)
            continue;
        found = true;
        if (controllers[0] == '\0')
            add_group(&members->groups, path, length);
        else if (cgroup_has(controllers, "memory"))
            add_group(of_v1, path, length);
    }
    text_free(&text);
    return found;
}

/* The first word of the command line without its folder; servers append to it, as in "postgres: checkpointer". */
static bool is_called(const struct process_facts *facts, const char *name)
{
    struct text line = { 0 };
    bool is = strcmp(facts->name, name) == 0;
    if (!is && text_read(&line, "/proc/%d/cmdline", facts->pid) == 0 && line.length > 0) {
        line.bytes[strcspn(line.bytes, " :")] = '\0';
        const char *slash = strrchr(line.bytes, '/');
        is = strcmp(slash != NULL ? slash + 1 : line.bytes, name) == 0;
    }
    text_free(&line);
    return is;
}

/* This program: worker, inner and outer guard. */
static bool is_agent(pid_t pid)
{
    static pid_t outer;
    struct process_facts inner;
    if (outer == 0)
        outer = process_read(&inner, getppid()) ? inner.parent : -1;
    return pid == getpid() || pid == getppid() || pid == outer;
}

static bool is_root(struct selection *selection, const struct process_facts *facts)
{
    if (selection->kind == SELECT_NAME)
        return is_called(facts, selection->value);
    if (facts->pid != selection->pid)
        return false;
    if (selection->start == 0)
        selection->start = facts->start;
    return facts->start == selection->start;
}

static int by_pid(const void *left, const void *right)
{
    return ((const struct process_facts *)left)->pid - ((const struct process_facts *)right)->pid;
}

/* Who was chosen, and all that descend from them. A child may come before its parent where numbers have wrapped around. */
static void find_tree(struct members *members, struct selection *selection, const struct pids *all)
{
    struct process_facts *facts = calloc(all->count + 1, sizeof *facts), *parent;
    bool *is = calloc(all->count + 1, sizeof *is);
    size_t count = 0;
    if (facts == NULL || is == NULL)
        abort();
    for (size_t i = 0; i < all->count; i++)
        if (process_read(&facts[count], all->list[i]) && (!facts[count].of_kernel || facts[count].pid == selection->pid))
            count++;
    qsort(facts, count, sizeof *facts, by_pid);
    for (size_t i = 0; i < count; i++)
        is[i] = is_root(selection, &facts[i]);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < count; i++) {
            const struct process_facts wanted = { .pid = facts[i].parent };
            if (!is[i] && (parent = bsearch(&wanted, facts, count, sizeof *facts, by_pid)) != NULL && is[parent - facts])
                more = is[i] = true;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (is[i] && !is_agent(facts[i].pid))
            pids_add(&members->pids, facts[i].pid);
    free(facts);
    free(is);
}

struct members selection_find(struct selection *selection)
{
    struct members members = { 0 };
    struct pids all = processes_all();
    if (selection->kind == SELECT_PID || selection->kind == SELECT_NAME)
        find_tree(&members, selection, &all);
    else {
        struct group_paths of_v1 = { 0 }, uids = selection->kind == SELECT_POD ? pod_uids(selection->value) : (struct group_paths){ 0 };
        for (size_t i = 0; i < all.count; i++)
            if (!is_agent(all.list[i]) && in_group(&members, &of_v1, selection, &uids, all.list[i]))
                pids_add(&members.pids, all.list[i]);
        members.groups.unified = of_v1.count == 0;
        /* Where systemd keeps a tree of v2 beside those of v1, memory is counted in v1 alone. */
        if (of_v1.count > 0) {
            groups_free(&members.groups);
            members.groups = of_v1;
        }
        groups_free(&uids);
    }
    pids_free(&all);
    return members;
}
