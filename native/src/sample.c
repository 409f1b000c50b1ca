/*
 * Owns: the command `sample`: the raw contents of the files that change, one line an interval. Descriptors stay open and
 * are read anew by pread, which is what makes a sample cost a fraction of a millisecond.
 */
#define _GNU_SOURCE
#include "args.h"
#include "clock.h"
#include "commands.h"
#include "json.h"
#include "numa.h"
#include "process.h"
#include "report.h"
#include "text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FILES = 8192, WATCHED = 256 };
/* numa_maps of a large process costs the kernel milliseconds: between two readings the last sums are repeated. */
#define NUMA_MAPS_NS NS_PER_SECOND

static struct {
    char *path;
    int fd;
} file[FILES];
static int files;

static struct watched {
    pid_t pid;
    uint64_t read_ns; /* 0: never */
    struct numa_maps resident;
} watched[WATCHED];
static int watching;

/* A file that cannot be opened is left out: who reads the samples sees that the key is missing. */
static void open_file(char *path)
{
    int fd = files < FILES ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        free(path);
        return;
    }
    file[files].path = path;
    file[files++].fd = fd;
}

static void open_hugepages(const char *directory)
{
    DIR *dir = opendir(directory);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        if (strncmp(entry->d_name, "hugepages-", 10) == 0) {
            open_file(words("%s/%s/nr_hugepages", directory, entry->d_name));
            open_file(words("%s/%s/free_hugepages", directory, entry->d_name));
        }
    if (dir != NULL)
        closedir(dir);
}

static void open_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max; /* many nodes times many page sizes */
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    open_file(words("/proc/stat"));
    if (!numa_present()) { /* what a node's files would say is said for the whole host */
        open_file(words("/proc/meminfo"));
        open_hugepages("/sys/kernel/mm/hugepages");
        return;
    }
    struct cpuset nodes = numa_online();
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        char *directory = words("/sys/devices/system/node/node%d", node), *hugepages = words("%s/hugepages", directory);
        open_file(words("%s/meminfo", directory));
        open_file(words("%s/numastat", directory));
        open_hugepages(hugepages);
        free(hugepages);
        free(directory);
    }
}

/* Of /proc/stat only the lines of CPUs: the interrupts' line alone can be tens of kilobytes. */
static size_t cpu_lines(const char *text)
{
    const char *at = text;
    while (strncmp(at, "cpu", 3) == 0) {
        const char *end = strchr(at, '\n');
        if (end == NULL)
            return (size_t)(at - text) + strlen(at);
        at = end + 1;
    }
    return (size_t)(at - text);
}

static void write_files(struct json *json)
{
    static struct text text;
    json_key(json, "files");
    json_open(json, '{');
    for (int i = 0; i < files; i++) {
        if (text_read_fd(&text, file[i].fd) != 0)
            continue; /* a node that went away */
        json_key(json, file[i].path + 1);
        json_text_n(json, text.bytes, i == 0 ? cpu_lines(text.bytes) : text.length);
    }
    json_close(json, '}');
}

static void write_process(struct json *json, struct watched *process, uint64_t now)
{
    char name[64];
    if (!process_name(name, sizeof name, process->pid))
        return; /* it has ended */
    if (process->read_ns == 0 || now - process->read_ns >= NUMA_MAPS_NS) {
        process->resident = (struct numa_maps){ 0 };
        numa_maps_add(&process->resident, process->pid);
        process->read_ns = now;
    }
    json_open(json, '{');
    json_key(json, "pid");
    json_integer(json, process->pid);
    json_key(json, "name");
    json_text(json, name);
    json_key(json, "residentBytes");
    numa_maps_write(json, &process->resident);
    json_key(json, "threads");
    json_open(json, '[');
    struct pids threads = threads_of(process->pid);
    for (size_t i = 0; i < threads.count; i++) {
        struct thread_facts facts;
        if (!thread_read(&facts, process->pid, threads.list[i]))
            continue;
        json_open(json, '{');
        thread_write(json, &facts);
        json_close(json, '}');
    }
    pids_free(&threads);
    json_close(json, ']');
    json_close(json, '}');
}

static void write_sample(void)
{
    uint64_t now = now_ns();
    struct json *json = report_begin("sample");
    json_key(json, "monotonicMs");
    json_real(json, (double)now / 1e6, 3);
    write_files(json);
    json_key(json, "processes");
    json_open(json, '[');
    for (int i = 0; i < watching; i++)
        write_process(json, &watched[i], now);
    json_close(json, ']');
    report_end();
}

void command_sample(struct args *args)
{
    uint64_t interval_ms = 1000, count = 0;
    while (args->at < args->count) {
        if (args_is(args, "--interval-ms"))
            interval_ms = args_number(args, "--interval-ms", 1, 3600000);
        else if (args_is(args, "--count"))
            count = args_number(args, "--count", 1, UINT32_MAX);
        else if (watching < WATCHED && args_is(args, "--pid"))
            watched[watching++].pid = (pid_t)args_number(args, "--pid", 1, INT32_MAX);
        else
            args_unexpected(args, "sample");
    }
    open_files();
    uint64_t interval = interval_ms * NS_PER_MS, next = now_ns();
    for (uint64_t made = 1;; made++) {
        write_sample();
        if (made == count)
            return;
        next += interval;
        uint64_t now = now_ns();
        if (now > next) /* moments that were missed are skipped, not made up for */
            next += (now - next) / interval * interval + interval;
        sleep_until(next);
    }
}
