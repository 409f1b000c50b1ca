/* Owns: see places.h. */
#include "places.h"
#include "cpuset.h"
#include "host_files.h"

#include <string.h>

static short node_of[SET_BITS];
static int alone;
static bool everywhere; /* without NUMA */

void places_read(void)
{
    struct cpuset nodes, cpus;
    memset(node_of, -1, sizeof node_of);
    everywhere = !host_set(&nodes, "/sys/devices/system/node/online");
    if (everywhere) {
        alone = 0;
        return;
    }
    alone = set_count(&nodes) == 1 ? set_next(&nodes, -1) : -1;
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        if (!host_set(&cpus, "/sys/devices/system/node/node%d/cpulist", node))
            continue;
        for (int cpu = set_next(&cpus, -1); cpu >= 0; cpu = set_next(&cpus, cpu))
            node_of[cpu] = (short)node;
    }
}

int place_of(int cpu)
{
    if (cpu < 0 || cpu >= SET_BITS)
        return -1;
    return everywhere ? 0 : node_of[cpu];
}

int place_alone(void)
{
    return alone;
}
