/* Owns: see process.h. */
#define _GNU_SOURCE
#include "process.h"
#include "json.h"
#include "text.h"

#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of the kernel (include/linux/sched.h), the same in every version since 2.6.29. */
enum { PF_KTHREAD = 0x00200000 };

void pids_add(struct pids *pids, pid_t pid)
{
    if (pids->count == pids->capacity) {
        pids->capacity = pids->capacity == 0 ? 64 : pids->capacity * 2;
        pids->list = realloc(pids->list, pids->capacity * sizeof *pids->list);
        if (pids->list == NULL)
            abort();
    }
    pids->list[pids->count++] = pid;
}

bool pids_has(const struct pids *pids, pid_t pid)
{
    for (size_t i = 0; i < pids->count; i++)
        if (pids->list[i] == pid)
            return true;
    return false;
}

void pids_free(struct pids *pids)
{
    free(pids->list);
    *pids = (struct pids){ 0 };
}

static struct pids numbered_entries(const char *directory)
{
    struct pids pids = { 0 };
    DIR *dir = opendir(directory);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        if (isdigit((unsigned char)entry->d_name[0]))
            pids_add(&pids, (pid_t)strtol(entry->d_name, NULL, 10));
    if (dir != NULL)
        closedir(dir);
    return pids;
}

/* The text of a stat file after the name, which may hold spaces and parentheses itself: it begins with the state. */
static char *after_name(char *stat)
{
    char *end = strrchr(stat, ')');
    return end != NULL && end[1] == ' ' ? end + 2 : NULL;
}

struct pids descendants(pid_t root)
{
    struct pids all = numbered_entries("/proc"), parents = { 0 }, found = { 0 };
    struct text stat = { 0 };
    for (size_t i = 0; i < all.count; i++) {
        char *rest = text_read(&stat, "/proc/%d/stat", all.list[i]) == 0 ? after_name(stat.bytes) : NULL;
        pids_add(&parents, rest != NULL && rest[0] != '\0' ? (pid_t)strtol(rest + 1, NULL, 10) : 0);
    }
    /* A child may come before its parent where ids have wrapped around, hence until nothing is added. */
    for (size_t before = (size_t)-1; before != found.count;) {
        before = found.count;
        for (size_t i = 0; i < all.count; i++)
            if (parents.list[i] > 0 && !pids_has(&found, all.list[i]) && (parents.list[i] == root || pids_has(&found, parents.list[i])))
                pids_add(&found, all.list[i]);
    }
    text_free(&stat);
    pids_free(&parents);
    pids_free(&all);
    return found;
}

struct pids processes_all(void)
{
    return numbered_entries("/proc");
}

struct pids threads_of(pid_t pid)
{
    char directory[64];
    snprintf(directory, sizeof directory, "/proc/%d/task", pid);
    return numbered_entries(directory);
}

/* Copies the name out of "PID (NAME) S ...". */
static bool take_name(char *name, size_t size, const char *stat)
{
    const char *start = strchr(stat, '('), *end = strrchr(stat, ')');
    if (start == NULL || end == NULL || end <= start)
        return false;
    size_t length = (size_t)(end - start - 1);
    length = length < size - 1 ? length : size - 1;
    memcpy(name, start + 1, length);
    name[length] = '\0';
    return true;
}

bool process_name(char *name, size_t size, pid_t pid)
{
    struct text stat = { 0 };
    bool alive = text_read(&stat, "/proc/%d/stat", pid) == 0 && take_name(name, size, stat.bytes);
    text_free(&stat);
    return alive;
}

bool process_read(struct process_facts *facts, pid_t pid)
{
    struct text stat = { 0 };
    *facts = (struct process_facts){ .pid = pid };
    bool alive = text_read(&stat, "/proc/%d/stat", pid) == 0 && take_name(facts->name, sizeof facts->name, stat.bytes);
    char *at = alive ? after_name(stat.bytes) : NULL;
    /* The parent is field 4, flags are 9, the times 14 and 15, the number of threads 20, the start 22, what is resident (in pages) 24. */
    for (int field = 3; at != NULL && field <= 24; field++) {
        switch (field) {
        case 4: facts->parent = (pid_t)strtol(at, NULL, 10); break;
        case 9: facts->of_kernel = (strtoul(at, NULL, 10) & PF_KTHREAD) != 0; break;
        case 14:
        case 15: facts->cpu_seconds += (double)strtoull(at, NULL, 10) / (double)sysconf(_SC_CLK_TCK); break;
        case 20: facts->threads = strtoll(at, NULL, 10); break;
        case 22: facts->start = strtoull(at, NULL, 10); break;
        case 24: facts->resident_bytes = strtoll(at, NULL, 10) * sysconf(_SC_PAGESIZE); break;
        default: break;
        }
        at = strchr(at, ' ');
        at = at != NULL ? at + 1 : NULL;
    }
    text_free(&stat);
    return alive;
}

long long migrations_in(const char *format, ...)
{
    char path[64];
    struct text sched = { 0 };
    long long migrations = -1;
    va_list values;
    va_start(values, format);
    vsnprintf(path, sizeof path, format, values);
    va_end(values);
    if (text_read(&sched, "%s", path) == 0)
        migrations = field_number(sched.bytes, "se.nr_migrations", -1);
    text_free(&sched);
    return migrations;
}

bool thread_read(struct thread_facts *facts, pid_t pid, pid_t tid)
{
    struct text stat = { 0 };
    *facts = (struct thread_facts){ .pid = pid, .tid = tid };
    bool alive = text_read(&stat, "/proc/%d/task/%d/stat", pid, tid) == 0 && take_name(facts->name, sizeof facts->name, stat.bytes);
    char *at = alive ? after_name(stat.bytes) : NULL;
    /* The state is field 3, the times in user and kernel mode (in clock ticks) 14 and 15, the start 22, the processor 39. */
    for (int field = 3; at != NULL && field < 39; field++) {
        if (field == 14 || field == 15)
            facts->cpu_seconds += (double)strtoull(at, NULL, 10) / (double)sysconf(_SC_CLK_TCK);
        if (field == 22)
            facts->start = strtoull(at, NULL, 10);
        at = strchr(at, ' ');
        at = at != NULL ? at + 1 : NULL;
    }
    facts->cpu = at != NULL ? (int)strtol(at, NULL, 10) : -1;
    text_free(&stat);
    if (alive)
        facts->migrations = migrations_in("/proc/%d/task/%d/sched", pid, tid);
    return alive;
}

void thread_write(struct json *json, const struct thread_facts *facts)
{
    json_key(json, "tid");
    json_integer(json, facts->tid);
    json_key(json, "start");
    json_count(json, facts->start);
    json_key(json, "name");
    json_text(json, facts->name);
    json_key(json, "cpu");
    json_integer(json, facts->cpu);
    json_key(json, "migrations");
    if (facts->migrations >= 0)
        json_integer(json, facts->migrations);
    else
        json_null(json);
}

bool thread_allowed(struct cpuset *cpus, pid_t pid, pid_t tid)
{
    struct text status = { 0 };
    bool found = false;
    if (text_read(&status, "/proc/%d/task/%d/status", pid, tid) == 0) {
        char *list = strstr(status.bytes, "\nCpus_allowed_list:");
        if (list != NULL) {
            list = strchr(list, ':') + 1;
            list[strcspn(list, "\n")] = '\0';
            found = set_parse(cpus, list);
        }
    }
    text_free(&status);
    return found;
}
