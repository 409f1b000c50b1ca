/* Owns: see pmu.h. */
#define _GNU_SOURCE /* syscall */
#include "pmu.h"
#include "cpuset.h"
#include "host_files.h"
#include "kernel.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int pmu_open(struct pmu_counter *counter, uint32_t type, uint64_t config, int cpu)
{
    struct perf_attributes attributes = {
        .type = type,
        .size = sizeof attributes,
        .config = config,
        .read_format = PERF_TIME_ENABLED | PERF_TIME_RUNNING,
    };
    int fd = (int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_CLOEXEC);
    if (fd < 0)
        return errno;
    *counter = (struct pmu_counter){ .fd = fd + 1, .cpu = cpu };
    return 0;
}

void pmu_close(struct pmu_counter *counter)
{
    if (counter->fd > 0)
        close(counter->fd - 1);
    counter->fd = 0;
}

int64_t pmu_read(const struct pmu_counter *counter)
{
    uint64_t got[3]; /* value, time enabled, time running */
    if (counter->fd == 0 || read(counter->fd - 1, got, sizeof got) != (ssize_t)sizeof got || got[2] == 0)
        return -1;
    return (int64_t)(got[1] == got[2] ? (double)got[0] : (double)got[0] * ((double)got[1] / (double)got[2]));
}

void pmu_explain(char *why, size_t size, int error, const char *event)
{
    long long paranoid;
    switch (error) {
    case EACCES:
    case EPERM:
        if (host_number(&paranoid, "/proc/sys/kernel/perf_event_paranoid") && paranoid > 0)
            snprintf(why, size, "%s: counting for the whole machine is not allowed. kernel.perf_event_paranoid is %lld and must be at most 0 (sudo sysctl kernel.perf_event_paranoid=0), or the user needs the capability PERFMON", event, paranoid);
        else
            snprintf(why, size, "%s: counting for the whole machine is forbidden here (%s), as in a container without the capability: docker run --cap-add PERFMON", event, strerror(error));
        break;
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case EINVAL:
    case EOPNOTSUPP: snprintf(why, size, "%s: this CPU, or the hypervisor under it, does not count that (%s)", event, strerror(error)); break;
    case ENOSYS: snprintf(why, size, "this kernel has no perf events (CONFIG_PERF_EVENTS)"); break;
    case EMFILE: snprintf(why, size, "%s: counting on every CPU takes more open files than this user may have (ulimit -n)", event); break;
    default: snprintf(why, size, "%s: perf_event_open: %s", event, strerror(error)); break;
    }
}

#define AT "/sys/bus/event_source/devices"

bool pmu_type(uint32_t *type, const char *pmu)
{
    long long number;
    if (!host_number(&number, AT "/%s/type", pmu) || number < 0 || number > UINT32_MAX)
        return false;
    *type = (uint32_t)number;
    return true;
}

bool pmu_field(uint64_t *config, const char *pmu, const char *field, uint64_t value)
{
    static struct text text;
    int fd = host_open(AT "/%s/format/%s", pmu, field);
    if (fd < 0)
        return false;
    bool read = text_read_fd(&text, fd) == 0;
    close(fd);
    if (!read || strncmp(text.bytes, "config:", 7) != 0)
        return false;
    /* The lowest bits of the value go where the first range is, and so on. */
    for (char *at = text.bytes + 7; *at >= '0' && *at <= '9';) {
        unsigned long first = strtoul(at, &at, 10), last = first;
        if (*at == '-')
            last = strtoul(at + 1, &at, 10);
        if (last > 63 || first > last)
            return false;
        for (unsigned long bit = first; bit <= last; bit++, value >>= 1)
            *config |= (value & 1) << bit;
        at += *at == ',';
    }
    return value == 0;
}

int pmu_next_cpu(const char *pmu, int after)
{
    struct cpuset cpus;
    /* One of the whole machine may have none. */
    if (!host_set(&cpus, AT "/%s/cpumask", pmu))
        return after < 0 ? 0 : -1;
    return set_next(&cpus, after);
}
