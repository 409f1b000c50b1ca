/*
 * Owns: the command `processes`: what runs here, for a person to choose from. Two readings of /proc tell who is busy; pages by
 * node are read of the first few only, for that costs the kernel milliseconds a process.
 */
#define _GNU_SOURCE
#include "args.h"
#include "clock.h"
#include "commands.h"
#include "json.h"
#include "process.h"
#include "report.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Told; who has more filters by name or knows the number. */
enum { MOST = 512, COMMAND = 200 };
#define APART_MS 300
/* CPU time that all pages together may cost. */
#define PAGES_NS (100 * NS_PER_MS)

struct row {
    struct process_facts facts;
    double busy; /* CPUs' worth */
    bool own;
};

static bool is_own(pid_t pid)
{
    char path[32];
    struct stat of;
    snprintf(path, sizeof path, "/proc/%d", pid);
    return stat(path, &of) == 0 && of.st_uid == geteuid();
}

/* One's own first, then the busiest, then the largest. */
static int by_interest(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    if (a->own != b->own)
        return a->own ? -1 : 1;
    if (a->busy > b->busy || a->busy < b->busy)
        return a->busy > b->busy ? -1 : 1;
    if (a->facts.resident_bytes != b->facts.resident_bytes)
        return a->facts.resident_bytes > b->facts.resident_bytes ? -1 : 1;
    return a->facts.pid - b->facts.pid;
}

/* Without workers of the kernel, and without this program. */
static size_t read_all(struct row *row, const struct pids *pids)
{
    size_t count = 0;
    for (size_t i = 0; i < pids->count; i++) {
        pid_t pid = pids->list[i];
        if (pid != getpid() && pid != getppid() && process_read(&row[count].facts, pid) && !row[count].facts.of_kernel)
            count++;
    }
    return count;
}

/* How much each used since the first reading; who has ended meanwhile is left out. */
static size_t read_again(struct row *row, size_t count, double seconds)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        double before = row[i].facts.cpu_seconds;
        struct process_facts now;
        if (!process_read(&now, row[i].facts.pid))
            continue;
        double used = now.cpu_seconds - before; /* less: the number is another process's by now */
        row[left++] = (struct row){ .facts = now, .busy = used > 0 ? used / seconds : 0, .own = is_own(now.pid) };
    }
    return left;
}

static void write_command(struct json *json, struct text *text, pid_t pid)
{
    json_key(json, "command");
    if (text_read(text, "/proc/%d/cmdline", pid) != 0) {
        json_text(json, "");
        return;
    }
    size_t length = text->length < COMMAND ? text->length : COMMAND;
    for (size_t i = 0; i < length; i++)
        if (text->bytes[i] == '\0')
            text->bytes[i] = ' ';
    json_text_n(json, text->bytes, length);
}

static void write_row(struct json *json, const struct row *row, bool with_pages)
{
    static struct text text;
    json_open(json, '{');
    json_key(json, "pid");
    json_integer(json, row->facts.pid);
    json_key(json, "name");
    json_text(json, row->facts.name);
    write_command(json, &text, row->facts.pid);
    json_key(json, "own");
    json_flag(json, row->own);
    json_key(json, "busy");
    json_real(json, row->busy, 3);
    json_key(json, "threads");
    json_integer(json, row->facts.threads);
    json_key(json, "residentBytes");
    json_integer(json, row->facts.resident_bytes);
    json_key(json, "onNodes");
    if (with_pages) {
        struct numa_maps resident = { 0 };
        numa_maps_add(&resident, row->facts.pid);
        numa_maps_write(json, &resident);
    } else
        json_null(json);
    json_close(json, '}');
}

void command_processes(struct args *args)
{
    if (args->at < args->count)
        args_unexpected(args, "processes");
    struct pids pids = processes_all();
    struct row *row = calloc(pids.count + 1, sizeof *row);
    if (row == NULL)
        fail(FAIL_NO_MEMORY, NULL, "There is no memory for a list of %zu processes.", pids.count);
    uint64_t start = now_ns();
    size_t count = read_all(row, &pids);
    sleep_until(start + APART_MS * NS_PER_MS);
    count = read_again(row, count, seconds_of(now_ns() - start));
    qsort(row, count, sizeof *row, by_interest);

    struct json *json = report_begin("processes");
    json_key(json, "count");
    json_count(json, count);
    json_key(json, "processes");
    json_open(json, '[');
    uint64_t used = used_ns();
    for (size_t i = 0; i < count && i < MOST; i++)
        write_row(json, &row[i], used_ns() - used < PAGES_NS);
    json_close(json, ']');
    report_end();
    free(row);
    pids_free(&pids);
}
