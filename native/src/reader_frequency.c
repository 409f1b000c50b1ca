/*
 * Owns: the reader `frequency`: what each CPU ran at last (kHz), as its cpufreq driver tells: row "kHz" by CPU. Kernels since 5.18
 * answer from what the CPU noted itself, and wake none; a file a CPU is why it is paced.
 */
#include "cpuset.h"
#include "host_files.h"
#include "readers.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fd[SET_BITS]; /* 1 + the descriptor */
static struct text text, online, online_before;
static int online_fd = -1;

const char *reader_frequency_begin(void)
{
    online_fd = host_open("/sys/devices/system/cpu/online");
    return NULL;
}

static int open_all(void)
{
    struct cpuset cpus;
    int opened = 0;
    if (!set_parse(&cpus, online.bytes))
        return 0;
    for (int cpu = 0; cpu < SET_BITS; cpu++) {
        if (fd[cpu] > 0)
            close(fd[cpu] - 1);
        int one = set_has(&cpus, cpu) ? host_open("/sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq", cpu) : -1;
        fd[cpu] = one >= 0 ? one + 1 : 0;
        opened += one >= 0;
    }
    return opened;
}

const char *reader_frequency_read(struct table *table)
{
    static int opened;
    if (online_fd < 0 || text_read_fd(&online, online_fd) != 0)
        return "/sys/devices/system/cpu/online cannot be read on this host.";
    if (online_before.bytes == NULL || strcmp(online.bytes, online_before.bytes) != 0) {
        opened = open_all();
        struct text before = online_before;
        online_before = online;
        online = before;
    }
    if (opened == 0)
        return "This kernel tells no frequencies: it has no cpufreq driver for these CPUs, as in most virtual machines.";
    for (int cpu = 0; cpu < SET_BITS; cpu++) {
        char *end;
        if (fd[cpu] == 0 || text_read_fd(&text, fd[cpu] - 1) != 0)
            continue; /* going offline */
        long long kHz = strtoll(text.bytes, &end, 10);
        if (end != text.bytes && kHz > 0)
            table_set(table, "kHz", cpu, kHz);
    }
    return NULL;
}
