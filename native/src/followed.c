/* Owns: see followed.h. */
#define _GNU_SOURCE
#include "followed.h"
#include "asked.h"
#include "cgroup.h"
#include "clock.h"
#include "json.h"
#include "process.h"
#include "report.h"
#include "sampled_pages.h"
#include "selection.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of more, the largest are told, and how many there are. */
enum { SELECTIONS = 16, PROCESSES = 256, THREADS = 4096 };
/* Least time between two readings of the same, and how often its own cost in CPU time it rests in any case. */
#define FIND_MS 200
#define PAGES_MS 2000
enum { FIND_REST = 50, PAGES_REST = 50 };
/* Pages asked of a process at least, be it ever so small a part of its group. */
enum { LEAST_PAGES = 200 };

/* One process, as far as it was read. */
struct followed_process {
    struct process_facts facts;
    bool own, sampled;
    struct sampled_pages pages;
};

struct followed {
    struct selection selection;
    struct members members;
    struct followed_process *process;
    size_t processes;
    uint64_t find_due, pages_due;
    uint64_t pages_ns; /* when pages were read last */
};

static struct followed followed[SELECTIONS];
static int count;
static bool whole;

void followed_add(const char *selection)
{
    if (count == SELECTIONS)
        fail(FAIL_USAGE, NULL, "There are more than %d selections.", SELECTIONS);
    followed[count++].selection = selection_parse(selection);
}

void followed_whole(void)
{
    whole = true;
}

bool followed_any(void)
{
    return count > 0;
}

static uint64_t due(uint64_t used_before, unsigned usual_ms, unsigned rest)
{
    uint64_t cost = (used_ns() - used_before) * rest;
    return now_ns() + (cost > usual_ms * NS_PER_MS ? cost : usual_ms * NS_PER_MS);
}

static int larger_first(const void *left, const void *right)
{
    const struct process_facts *a = left, *b = right;
    if (a->resident_bytes != b->resident_bytes)
        return a->resident_bytes > b->resident_bytes ? -1 : 1;
    return a->pid - b->pid;
}

static bool is_own(pid_t pid)
{
    char path[32];
    struct stat of;
    snprintf(path, sizeof path, "/proc/%d", pid);
    return stat(path, &of) == 0 && of.st_uid == geteuid();
}

/* What was known of a process that is still the same one. */
static const struct followed_process *known(const struct followed *one, const struct process_facts *facts)
{
    for (size_t i = 0; i < one->processes; i++)
        if (one->process[i].facts.pid == facts->pid && one->process[i].facts.start == facts->start)
            return &one->process[i];
    return NULL;
}

static void find(struct followed *one)
{
    uint64_t used = used_ns();
    members_free(&one->members);
    one->members = selection_find(&one->selection);
    struct process_facts *facts = calloc(one->members.pids.count + 1, sizeof *facts);
    size_t living = 0;
    for (size_t i = 0; facts != NULL && i < one->members.pids.count; i++)
        living += process_read(&facts[living], one->members.pids.list[i]);
    if (facts == NULL)
        abort();
    qsort(facts, living, sizeof *facts, larger_first);
    size_t told = living < PROCESSES ? living : PROCESSES;
    struct followed_process *process = calloc(told + 1, sizeof *process);
    if (process == NULL)
        abort();
    for (size_t i = 0; i < told; i++) {
        const struct followed_process *before = known(one, &facts[i]);
        if (before != NULL)
            process[i] = *before;
        else
            one->pages_due = 0; /* a newcomer's pages are read at once */
        process[i].facts = facts[i];
        process[i].own = is_own(facts[i].pid);
    }
    free(facts);
    free(one->process);
    one->process = process;
    one->processes = told;
    one->find_due = due(used, FIND_MS, FIND_REST);
}

/* The pages that may be asked are shared out by size. */
static void read_pages(struct followed *one)
{
    uint64_t used = used_ns();
    double resident = 1;
    for (size_t i = 0; i < one->processes; i++)
        resident += (double)one->process[i].facts.resident_bytes;
    for (size_t i = 0; i < one->processes; i++) {
        struct followed_process *process = &one->process[i];
        double share = SAMPLED_PAGES * (double)process->facts.resident_bytes / resident;
        if (whole)
            pages_of_numa_maps(&process->pages, process->facts.pid);
        else
            pages_sample(&process->pages, process->facts.pid, LEAST_PAGES + (size_t)share);
        process->sampled = true;
    }
    one->pages_ns = now_ns();
    one->pages_due = due(used, PAGES_MS, PAGES_REST);
}

static void write_threads(struct json *json, pid_t pid, size_t *left)
{
    struct pids threads = threads_of(pid);
    json_key(json, "threads");
    json_open(json, '[');
    for (size_t i = 0; i < threads.count && *left > 0; i++) {
        struct thread_facts facts;
        struct cpuset allowed;
        if (!thread_read(&facts, pid, threads.list[i]) || !thread_allowed(&allowed, pid, threads.list[i]))
            continue; /* it has ended meanwhile */
        (*left)--;
        json_open(json, '{');
        thread_write(json, &facts);
        json_key(json, "allowed");
        json_set(json, &allowed);
        json_key(json, "cpuSeconds");
        json_real(json, facts.cpu_seconds, 2);
        json_close(json, '}');
    }
    json_close(json, ']');
    pids_free(&threads);
}

static void write_allowed(struct json *json, pid_t pid)
{
    struct text status = { 0 };
    int error = text_read(&status, "/proc/%d/status", pid);
    static const char *const key[][2] = { { "cpus", "\nCpus_allowed_list:" }, { "mems", "\nMems_allowed_list:" } };
    for (int i = 0; i < 2; i++) {
        char *at = error == 0 ? strstr(status.bytes, key[i][1]) : NULL;
        json_key(json, key[i][0]);
        if (at == NULL)
            json_null(json);
        else {
            at += strlen(key[i][1]);
            at += strspn(at, " \t");
            json_text_n(json, at, strcspn(at, "\n"));
        }
    }
    text_free(&status);
}

/* Bytes by node of this process alone; what the schema of a sample calls residentBytes. */
static void write_resident(struct json *json, const struct followed_process *process)
{
    const struct sampled_pages *pages = &process->pages;
    json_key(json, "residentBytes");
    json_open(json, '{');
    if (pages->error != 0) {
        json_key(json, "unavailable");
        json_text(json, pages_error(pages->error));
    }
    for (int node = 0; pages->error == 0 && node < SAMPLED_NODES; node++)
        if (pages->share[node] > 0) {
            json_key_id(json, node);
            json_count(json, (uint64_t)(pages->share[node] * (double)pages->resident_bytes + 0.5));
        }
    json_close(json, '}');
}

static void write_process(struct json *json, const struct followed_process *process, size_t *threads_left, bool asked)
{
    struct process_facts now;
    if (!process_read(&now, process->facts.pid) || now.start != process->facts.start)
        return; /* it has ended, and its number may be another's */
    json_open(json, '{');
    json_key(json, "pid");
    json_integer(json, process->facts.pid);
    json_key(json, "start");
    json_count(json, process->facts.start);
    json_key(json, "name");
    json_text(json, process->facts.name);
    json_key(json, "own");
    json_flag(json, process->own);
    write_allowed(json, process->facts.pid);
    write_resident(json, process);
    write_threads(json, process->facts.pid, threads_left);
    if (asked) {
        json_key(json, "asked");
        asked_write(json, process->facts.pid);
    }
    json_close(json, '}');
}

static void write_group(struct json *json, const struct followed *one, bool asked)
{
    static struct pages_sum sum;
    sum = (struct pages_sum){ 0 };
    long long threads = 0;
    json_open(json, '{');
    json_key(json, "selection");
    json_text(json, one->selection.text);
    json_key(json, "count");
    json_count(json, one->members.pids.count);
    json_key(json, "pids");
    json_open(json, '[');
    for (size_t i = 0; i < one->processes; i++) {
        json_integer(json, one->process[i].facts.pid);
        threads += one->process[i].facts.threads;
        if (one->process[i].sampled)
            pages_sum_add(&sum, &one->process[i].pages);
    }
    json_close(json, ']');
    json_key(json, "threads");
    json_integer(json, threads);
    json_key(json, "memory");
    cgroup_write_memory(json, &one->members.groups);
    json_key(json, "pages");
    pages_sum_write(json, &sum);
    json_key(json, "pagesAgeMs");
    json_real(json, (double)(now_ns() - one->pages_ns) / 1e6, 0);
    if (asked) {
        json_key(json, "kubelet");
        if (one->selection.kind == SELECT_POD || one->selection.kind == SELECT_CONTAINER)
            asked_write_kubelet(json);
        else
            json_null(json);
    }
    json_close(json, '}');
}

static bool is_told(const struct followed *before, size_t groups, pid_t pid)
{
    for (size_t i = 0; i < groups; i++)
        for (size_t j = 0; j < before[i].processes; j++)
            if (before[i].process[j].facts.pid == pid)
                return true;
    return false;
}

void followed_write(struct json *json, bool asked)
{
    size_t left = THREADS;
    for (int i = 0; i < count; i++) {
        if (now_ns() >= followed[i].find_due)
            find(&followed[i]);
        if (now_ns() >= followed[i].pages_due)
            read_pages(&followed[i]);
    }
    json_key(json, "processes");
    json_open(json, '[');
    for (int i = 0; i < count; i++)
        for (size_t j = 0; j < followed[i].processes; j++)
            if (!is_told(followed, (size_t)i, followed[i].process[j].facts.pid))
                write_process(json, &followed[i].process[j], &left, asked);
    json_close(json, ']');
    json_key(json, "groups");
    json_open(json, '[');
    for (int i = 0; i < count; i++)
        write_group(json, &followed[i], asked);
    json_close(json, ']');
}
