/* Owns: see perf.h. */
#define _GNU_SOURCE /* RUSAGE_THREAD, syscall */
#include "perf.h"
#include "json.h"
#include "kernel.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PERF_ENABLE _IO('$', 0)
#define PERF_DISABLE _IO('$', 1)
#define PERF_RESET _IO('$', 3)

static const struct {
    const char *name;
    bool perf;
    uint32_t type;
    uint64_t config;
} event[COUNTERS] = {
    [COUNTER_MINOR_FAULTS] = { .name = "minor-faults" },
    [COUNTER_CONTEXT_SWITCHES] = { .name = "context-switches" },
    [COUNTER_MIGRATIONS] = { "migrations", true, PERF_SOFTWARE, PERF_CPU_MIGRATIONS },
    [COUNTER_CYCLES] = { "cycles", true, PERF_HARDWARE, PERF_CYCLES },
    [COUNTER_INSTRUCTIONS] = { "instructions", true, PERF_HARDWARE, PERF_INSTRUCTIONS },
    [COUNTER_LLC_LOAD_MISSES] = { "LLC-load-misses", true, PERF_CACHE, PERF_LAST_LEVEL | PERF_READ_MISS },
    [COUNTER_NODE_LOADS] = { "node-loads", true, PERF_CACHE, PERF_NODE },
    [COUNTER_NODE_LOAD_MISSES] = { "node-load-misses", true, PERF_CACHE, PERF_NODE | PERF_READ_MISS },
    [COUNTER_DTLB_LOAD_MISSES] = { "dTLB-load-misses", true, PERF_CACHE, PERF_DATA_TLB | PERF_READ_MISS },
};

static int perf_open(const struct perf_attributes *attributes, pid_t pid)
{
    return (int)syscall(SYS_perf_event_open, attributes, pid, -1, -1, PERF_CLOEXEC);
}

static void explain(char *why, size_t size, int error, bool software)
{
    long long paranoid;
    /* A migration happens in the kernel: counting it needs one step more than counting one's own instructions. */
    int needed = software ? 1 : 2;
    switch (error) {
    case EACCES:
    case EPERM:
        if (read_number(&paranoid, "/proc/sys/kernel/perf_event_paranoid") && paranoid > needed)
            snprintf(why, size, "kernel.perf_event_paranoid is %lld and must be at most %d: sudo sysctl kernel.perf_event_paranoid=%d", paranoid, needed, needed);
        else
            snprintf(why, size, "perf_event_open is forbidden here, as in a container without the capability: docker run --cap-add PERFMON");
        break;
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP: snprintf(why, size, "this CPU, or the hypervisor under it, does not offer the event; a virtual machine needs its PMU switched on (libvirt: <pmu state='on'/>)"); break;
    case ENOSYS: snprintf(why, size, "this kernel has no perf events (CONFIG_PERF_EVENTS)"); break;
    default: snprintf(why, size, "perf_event_open: %s", strerror(error)); break;
    }
}

static void open_events(struct counters *counters, pid_t pid, bool program, bool migrations_alone)
{
    memset(counters, 0, sizeof *counters);
    counters->migrations_before = -1;
    for (int i = 0; i < COUNTERS; i++) {
        counters->fd[i] = -1;
        if (!event[i].perf || (migrations_alone && i != COUNTER_MIGRATIONS))
            continue;
        bool software = event[i].type == PERF_SOFTWARE;
        struct perf_attributes attributes = {
            .type = event[i].type,
            .size = sizeof attributes,
            .config = event[i].config,
            .read_format = PERF_TIME_ENABLED | PERF_TIME_RUNNING,
            .disabled = 1,
            .exclude_kernel = !software,
            .exclude_hv = 1,
            .inherit = program,
            .enable_on_exec = program,
        };
        counters->fd[i] = perf_open(&attributes, pid);
        if (counters->fd[i] < 0)
            explain(counters->reading[i].why, sizeof counters->reading[i].why, errno, software);
    }
}

void counters_allow_many(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

void counters_open(struct counters *counters, bool migrations_alone)
{
    open_events(counters, 0, false, migrations_alone);
    /* The kernel counts a migration when the thread is next switched in (`sched_migrated`, include/linux/perf_event.h). A thread
     * inherits that mark from the one that created it, and without a counter open nobody clears it: so be switched out and in once, or
     * a pinned thread is said to have migrated. */
    nanosleep(&(struct timespec){ .tv_nsec = 1 }, NULL);
}

void counters_start(struct counters *counters)
{
    struct rusage usage;
    for (int i = 0; i < COUNTERS; i++)
        if (counters->fd[i] >= 0) {
            ioctl(counters->fd[i], PERF_RESET, 0);
            ioctl(counters->fd[i], PERF_ENABLE, 0);
        }
    if (counters->fd[COUNTER_MIGRATIONS] < 0)
        counters->migrations_before = migrations_in("/proc/thread-self/sched");
    getrusage(RUSAGE_THREAD, &usage);
    counters->faults_before = usage.ru_minflt;
    counters->switches_before = usage.ru_nvcsw + usage.ru_nivcsw;
}

static void read_event(struct counter *reading, int fd)
{
    uint64_t got[3]; /* value, time enabled, time running */
    ioctl(fd, PERF_DISABLE, 0);
    if (read(fd, got, sizeof got) != (ssize_t)sizeof got)
        snprintf(reading->why, sizeof reading->why, "the perf event cannot be read: %s", strerror(errno));
    else if (got[2] == 0)
        snprintf(reading->why, sizeof reading->why, "the event never got a hardware counter: others hold them all");
    else
        reading->value = got[1] == got[2] ? (double)got[0] : (double)got[0] * ((double)got[1] / (double)got[2]);
}

void counters_stop(struct counters *counters)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    counters->reading[COUNTER_MINOR_FAULTS].value = (double)(usage.ru_minflt - counters->faults_before);
    counters->reading[COUNTER_CONTEXT_SWITCHES].value = (double)(usage.ru_nvcsw + usage.ru_nivcsw - counters->switches_before);
    for (int i = 0; i < COUNTERS; i++)
        if (counters->fd[i] >= 0)
            read_event(&counters->reading[i], counters->fd[i]);
    if (counters->migrations_before >= 0) {
        long long now = migrations_in("/proc/thread-self/sched");
        if (now >= counters->migrations_before)
            counters->reading[COUNTER_MIGRATIONS] = (struct counter){ .value = (double)(now - counters->migrations_before) };
    }
}

void counters_close(struct counters *counters)
{
    for (int i = 0; i < COUNTERS; i++)
        if (counters->fd[i] >= 0)
            close(counters->fd[i]);
}

void counters_add(struct counter sum[COUNTERS], const struct counters *counters)
{
    for (int i = 0; i < COUNTERS; i++) {
        if (counters->reading[i].why[0] != '\0')
            sum[i] = counters->reading[i];
        else
            sum[i].value += counters->reading[i].value;
    }
}

static void write_readings(struct json *json, const struct counter reading[COUNTERS], bool perf_alone)
{
    json_open(json, '{');
    for (int i = 0; i < COUNTERS; i++) {
        if (perf_alone && !event[i].perf)
            continue;
        json_key(json, event[i].name);
        if (reading[i].why[0] == '\0') {
            json_real(json, reading[i].value, 0);
            continue;
        }
        json_open(json, '{');
        json_key(json, "unavailable");
        json_text(json, reading[i].why);
        json_close(json, '}');
    }
    json_close(json, '}');
}

void counters_write(struct json *json, const struct counter sum[COUNTERS])
{
    write_readings(json, sum, false);
}

void counters_open_program(struct counters *counters, pid_t pid)
{
    open_events(counters, pid, true, false);
}

void counters_read_program(struct counters *counters)
{
    for (int i = 0; i < COUNTERS; i++)
        if (counters->fd[i] >= 0)
            read_event(&counters->reading[i], counters->fd[i]);
    counters_close(counters);
}

void counters_write_program(struct json *json, const struct counters *counters)
{
    write_readings(json, counters->reading, true);
}
