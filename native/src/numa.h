/*
 * Owns: what the kernel says about NUMA nodes and CPUs, and the calls that place memory and threads, made raw. A kernel
 * without NUMA is one node 0 that has every CPU and all memory.
 */
#ifndef AGENT_NUMA_H
#define AGENT_NUMA_H

#include "cpuset.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* False: the kernel has no NUMA, or hides it (/sys not mounted). */
bool numa_present(void);
/* Nodes that exist, also those without CPUs or without memory. */
struct cpuset numa_online(void);
/* Nodes that have memory and that this process may use (its cpuset's mems). */
struct cpuset numa_usable(void);
/* The node a CPU belongs to; 0 where the kernel knows no nodes. */
int numa_node_of(int cpu);
/* The node whose memory a thread on this CPU gets: its own, else the nearest that this process may use; -1 where there is none. */
int numa_near(int cpu);
/* Whether the kernel has weighted interleave, and the weight it gives a node's memory. */
#define WEIGHTS_DIR "/sys/kernel/mm/mempolicy/weighted_interleave"
bool numa_weighted(void);
int numa_weight(int node);
/* Bytes the node could hand out without swapping: free ones and clean file cache, less a reserve for the host. */
uint64_t numa_room(int node);

/* Ends with node-absent, node-without-memory or node-forbidden unless memory can be had there. */
void numa_check_node(int node);
/* Ends with cpu-absent or cpu-forbidden unless threads of this process can run on every one of these. */
void numa_check_cpus(const struct cpuset *cpus);

/* The calls; 0 or -errno. `tid` 0 is the calling thread. */
int affinity_set(pid_t tid, const struct cpuset *cpus);
int affinity_get(pid_t tid, struct cpuset *cpus);
int current_cpu(void);
int policy_of_range(void *start, size_t bytes, int policy, const struct cpuset *nodes);
int policy_of_thread(int policy, const struct cpuset *nodes);
/* Asks where pages lie, moves none: status[i] is a node or -errno. 0 or -errno. */
int pages_where(size_t count, void **pages, int *status);
/* The same of another process; `nodes` NULL: asks only, else moves page i to nodes[i]. 0 or -errno. */
int pages_of_process(pid_t pid, size_t count, void **pages, const int *nodes, int *status);

#endif
