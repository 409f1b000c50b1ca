/*
 * Owns: the reader `time`: what the CPUs of each node spent their time on since the start, in clock ticks, summed up from the samples of the
 * CPUs. A CPU that leaves takes nothing away from its node: the sums only grow. Without NUMA all CPUs are node 0's.
 */
#include "cpuset.h"
#include "host_files.h"
#include "readers.h"
#include "sample.h"

enum { NODES = 1024 };

static struct node {
    struct cpuset cpus;
    uint64_t spent[SPENT];
} node[NODES];

const char *reader_time_begin(void)
{
    return NULL;
}

/* CPUs come and go: their lists are read anew each time. Returns the nodes. */
static struct cpuset nodes_now(void)
{
    struct cpuset nodes;
    if (host_set(&nodes, "/sys/devices/system/node/online")) {
        for (int id = set_next(&nodes, -1); id >= 0 && id < NODES; id = set_next(&nodes, id))
            if (!host_set(&node[id].cpus, "/sys/devices/system/node/node%d/cpulist", id))
                node[id].cpus = (struct cpuset){ 0 };
        return nodes;
    }
    for (int cpu = 0; cpu < SET_BITS; cpu++)
        set_add(&node[0].cpus, cpu);
    return set_of(0);
}

const char *reader_time_read(struct table *table)
{
    static const char *const row[] = { [SPENT_USER] = "user", [SPENT_SYSTEM] = "system", [SPENT_IOWAIT] = "iowait",
                                       [SPENT_STEAL] = "steal", [SPENT_IDLE] = "idle" };
    struct cpuset nodes = nodes_now();
    uint64_t spent[SPENT];
    for (int cpu = 0; cpu < SET_BITS; cpu++) {
        if (!cpus_take_spent(cpu, spent))
            continue;
        for (int id = set_next(&nodes, -1); id >= 0 && id < NODES; id = set_next(&nodes, id))
            for (int i = 0; set_has(&node[id].cpus, cpu) && i < SPENT; i++)
                node[id].spent[i] += spent[i];
    }
    for (int i = 0; i < SPENT; i++)
        for (int id = set_next(&nodes, -1); id >= 0 && id < NODES; id = set_next(&nodes, id))
            if (set_next(&node[id].cpus, -1) >= 0)
                table_set(table, row[i], id, (int64_t)node[id].spent[i]);
    return NULL;
}
