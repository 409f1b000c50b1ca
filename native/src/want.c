/* Owns: where memory is wanted: policies over nodes that can be used (declared in pages.h). */
#include "numa.h"
#include "pages.h"
#include "report.h"

struct want want_node(int node)
{
    numa_check_node(node);
    if (!numa_present())
        return (struct want){ .spread = SPREAD_ANYWHERE };
    return (struct want){ .spread = SPREAD_NODE, .nodes = set_of(node) };
}

struct want want_interleaved(void)
{
    struct cpuset nodes = numa_usable();
    if (set_count(&nodes) == 0)
        fail(FAIL_NODE_FORBIDDEN, NULL, "This login may use the memory of no NUMA node.");
    if (!numa_present())
        return (struct want){ .spread = SPREAD_ANYWHERE };
    return (struct want){ .spread = SPREAD_INTERLEAVE, .nodes = nodes };
}

struct want want_policy(enum spread spread, const struct cpuset *nodes)
{
    for (int node = set_next(nodes, -1); node >= 0; node = set_next(nodes, node))
        numa_check_node(node);
    if (!numa_present())
        return (struct want){ .spread = SPREAD_ANYWHERE };
    if (spread == SPREAD_WEIGHTED && !numa_weighted())
        fail(FAIL_UNSUPPORTED, "Linux 6.9 and later have it; --memory interleave works on every kernel.",
             "Weighted interleave is unavailable: this kernel does not know the policy (" WEIGHTS_DIR " is missing).");
    return (struct want){ .spread = spread, .nodes = *nodes };
}

struct want want_touch(int cpu)
{
    int node = numa_near(cpu);
    if (node < 0 || !numa_present())
        return (struct want){ .spread = SPREAD_ANYWHERE };
    return (struct want){ .spread = SPREAD_TOUCH, .nodes = set_of(node) };
}

struct want want_near(int cpu)
{
    int node = numa_near(cpu);
    return node < 0 ? (struct want){ .spread = SPREAD_ANYWHERE } : want_node(node);
}

double want_share(const struct want *want, int node)
{
    double all = 0;
    if (!set_has(&want->nodes, node))
        return 0;
    if (want->spread == SPREAD_INTERLEAVE)
        return 1.0 / set_count(&want->nodes);
    if (want->spread != SPREAD_WEIGHTED)
        return 1;
    for (int each = set_next(&want->nodes, -1); each >= 0; each = set_next(&want->nodes, each))
        all += numa_weight(each);
    return numa_weight(node) / all;
}
