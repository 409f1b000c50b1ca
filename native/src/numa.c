/* Owns: see numa.h. */
#define _GNU_SOURCE /* syscall */
#include "numa.h"
#include "kernel.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NODE_DIR "/sys/devices/system/node"
#define CPU_DIR "/sys/devices/system/cpu"

/* A list of nodes that show nothing of themselves, as behind a container's mask, is as good as none. */
bool numa_present(void)
{
    struct cpuset nodes;
    char folder[sizeof NODE_DIR + 16];
    if (!read_set(&nodes, NODE_DIR "/online"))
        return false;
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        snprintf(folder, sizeof folder, NODE_DIR "/node%d", node);
        if (access(folder, X_OK) == 0)
            return true;
    }
    return false;
}

struct cpuset numa_online(void)
{
    struct cpuset nodes;
    return numa_present() && read_set(&nodes, NODE_DIR "/online") ? nodes : set_of(0);
}

/* has_memory counts ZONE_MOVABLE too (memory of CXL devices); old kernels have has_normal_memory only. */
static struct cpuset nodes_with_memory(void)
{
    struct cpuset nodes;
    if (!numa_present())
        return set_of(0);
    if (read_set(&nodes, NODE_DIR "/has_memory") || read_set(&nodes, NODE_DIR "/has_normal_memory"))
        return nodes;
    return numa_online();
}

/* From /proc, not from get_mempolicy: containers often forbid the call, the file is always there. */
static struct cpuset allowed_nodes(void)
{
    struct text status = { 0 };
    struct cpuset nodes = numa_online();
    /* The one node that stands for all has no number of the kernel's that the list could name. */
    if (numa_present() && text_read(&status, "/proc/self/status") == 0) {
        char *list = strstr(status.bytes, "\nMems_allowed_list:");
        if (list != NULL) {
            list = strchr(list, ':') + 1;
            list[strcspn(list, "\n")] = '\0';
            struct cpuset allowed;
            if (set_parse(&allowed, list))
                nodes = allowed;
        }
    }
    text_free(&status);
    return nodes;
}

struct cpuset numa_usable(void)
{
    struct cpuset memory = nodes_with_memory(), allowed = allowed_nodes();
    return set_both(&memory, &allowed);
}

int numa_node_of(int cpu)
{
    struct cpuset nodes = numa_online(), cpus;
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node))
        if (read_set(&cpus, NODE_DIR "/node%d/cpulist", node) && set_has(&cpus, cpu))
            return node;
    return 0;
}

int numa_near(int cpu)
{
    struct cpuset usable = numa_usable(), online = numa_online();
    int own = numa_node_of(cpu), best = -1;
    if (set_has(&usable, own))
        return own;
    struct text distances = { 0 };
    const char *at = text_read(&distances, NODE_DIR "/node%d/distance", own) == 0 ? distances.bytes : "";
    long least = LONG_MAX;
    /* A figure for each node that is online, in their order. */
    for (int node = set_next(&online, -1); node >= 0; node = set_next(&online, node)) {
        char *end;
        long distance = strtol(at, &end, 10);
        if (end == at)
            distance = LONG_MAX - 1;
        at = end;
        if (set_has(&usable, node) && distance < least) {
            least = distance;
            best = node;
        }
    }
    text_free(&distances);
    return best;
}

bool numa_weighted(void)
{
    return access(WEIGHTS_DIR, X_OK) == 0;
}

int numa_weight(int node)
{
    long long weight;
    return read_number(&weight, WEIGHTS_DIR "/node%d", node) && weight > 0 ? (int)weight : 1;
}

uint64_t numa_room(int node)
{
    struct text info = { 0 };
    long long kb = 0;
    if (text_read(&info, NODE_DIR "/node%d/meminfo", node) == 0 || text_read(&info, "/proc/meminfo") == 0) {
        const char *text = info.bytes;
        kb = field_number(text, "MemFree", 0) + field_number(text, "Active(file)", 0) +
             field_number(text, "Inactive(file)", 0) - field_number(text, "MemTotal", 0) / 32;
    }
    text_free(&info);
    return kb > 0 ? (uint64_t)kb * 1024 : 0;
}

void numa_check_node(int node)
{
    struct cpuset online = numa_online(), memory = nodes_with_memory(), allowed = allowed_nodes();
    if (!set_has(&online, node))
        fail(FAIL_NODE_ABSENT, words("Name one of the nodes %s.", set_text(&online)), "This host has no NUMA node %d.", node);
    if (!set_has(&memory, node))
        fail(FAIL_NODE_WITHOUT_MEMORY, words("Nodes with memory: %s.", set_text(&memory)), "NUMA node %d has no memory.", node);
    if (!set_has(&allowed, node))
        fail(FAIL_NODE_FORBIDDEN, words("Use one of the nodes %s, or widen cpuset.mems of this login's control group.", set_text(&allowed)),
             "This login may not use the memory of NUMA node %d.", node);
}

void numa_check_cpus(const struct cpuset *cpus)
{
    struct cpuset online, present, before, got;
    bool known = read_set(&online, CPU_DIR "/online");
    for (int cpu = set_next(cpus, -1); known && cpu >= 0; cpu = set_next(cpus, cpu)) {
        if (set_has(&online, cpu))
            continue;
        if (read_set(&present, CPU_DIR "/present") && set_has(&present, cpu))
            fail(FAIL_CPU_ABSENT, words("Switch it on: echo 1 | sudo tee " CPU_DIR "/cpu%d/online", cpu), "CPU %d is offline.", cpu);
        fail(FAIL_CPU_ABSENT, words("Name one of the CPUs %s.", set_text(&online)), "This host has no CPU %d.", cpu);
    }
    /* The one sure way to know what is permitted is to ask for it: the mask of now may be narrower than the cpuset. */
    if (affinity_get(0, &before) != 0)
        return;
    int result = affinity_set(0, cpus);
    bool held = result == 0 && affinity_get(0, &got) == 0 && set_equal(&got, cpus);
    affinity_set(0, &before);
    if (!held)
        fail(result == 0 || result == -EINVAL ? FAIL_CPU_FORBIDDEN : FAIL_PERMISSION,
             words("Use CPUs out of %s, or widen cpuset.cpus of this login's control group.", set_text(&before)),
             "This login may not run on all of the CPUs %s%s%s.", set_text(cpus), result == 0 ? "" : ": ",
             result == 0 ? "" : strerror(-result));
}

int affinity_set(pid_t tid, const struct cpuset *cpus)
{
    return syscall(SYS_sched_setaffinity, tid, sizeof *cpus, cpus) < 0 ? -errno : 0;
}

int affinity_get(pid_t tid, struct cpuset *cpus)
{
    *cpus = (struct cpuset){ 0 }; /* the kernel fills in only as much as it has CPUs */
    return syscall(SYS_sched_getaffinity, tid, sizeof *cpus, cpus) < 0 ? -errno : 0;
}

int current_cpu(void)
{
    unsigned cpu;
    return syscall(SYS_getcpu, &cpu, NULL, NULL) == 0 ? (int)cpu : -1;
}

/* The kernel takes one off the mask's length before it uses it, hence the + 1. */
int policy_of_range(void *start, size_t bytes, int policy, const struct cpuset *nodes)
{
    return syscall(SYS_mbind, start, bytes, policy, nodes->word, (unsigned long)SET_BITS + 1, 0) < 0 ? -errno : 0;
}

int policy_of_thread(int policy, const struct cpuset *nodes)
{
    return syscall(SYS_set_mempolicy, policy, nodes->word, (unsigned long)SET_BITS + 1) < 0 ? -errno : 0;
}

int pages_where(size_t count, void **pages, int *status)
{
    return pages_of_process(0, count, pages, NULL, status);
}

int pages_of_process(pid_t pid, size_t count, void **pages, const int *nodes, int *status)
{
    /* Above 0: so many could not be moved, and status says which. */
    return syscall(SYS_move_pages, pid, count, pages, nodes, status, nodes != NULL ? MOVE_OWN : 0) < 0 ? -errno : 0;
}
