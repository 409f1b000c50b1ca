/* Owns: see memory_case.h. */
#include "memory_case.h"
#include "args.h"
#include "memory_stream.h"
#include "numa.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_LEAST (UINT64_C(4) << 10)
#define SIZE_MOST (UINT64_C(1) << 44)
/* Of a thread's share: each of three arrays is more than the steps they are apart. */
enum { SHARE_LEAST = 4096 };
#define PAUSE_MOST UINT64_C(1000000)

static const char *const what_name[] = { [MEMORY_LATENCY] = "latency", [MEMORY_BANDWIDTH] = "bandwidth", [MEMORY_LOADED_LATENCY] = "loaded-latency" };

static enum memory_what parse_what(const char *text)
{
    for (enum memory_what what = MEMORY_LATENCY; what <= MEMORY_LOADED_LATENCY; what++)
        if (strcmp(text, what_name[what]) == 0)
            return what;
    fail(FAIL_USAGE, NULL, "what is latency, bandwidth or loaded-latency, not \"%s\".", text);
}

/* "0+1+17", in this order. */
static int parse_ids(const char *key, char *text, int **ids)
{
    int count = 1, at = 0;
    for (const char *c = text; *c != '\0'; c++)
        count += *c == '+';
    *ids = calloc((size_t)count, sizeof **ids);
    if (*ids == NULL)
        abort();
    for (char *id = strtok(text, "+"); id != NULL; id = strtok(NULL, "+"))
        (*ids)[at++] = (int)case_number(key, id, 0, SET_BITS - 1);
    return at;
}

static struct cpuset set_of_ids(const char *key, const int *ids, int count)
{
    struct cpuset set = { 0 };
    for (int i = 0; i < count; i++) {
        if (set_has(&set, ids[i]))
            fail(FAIL_USAGE, NULL, "%s names %d twice.", key, ids[i]);
        set_add(&set, ids[i]);
    }
    return set;
}

static struct want parse_policy(const char *text, const struct cpuset *nodes)
{
    static const struct {
        const char *name;
        enum spread spread;
        bool one;
    } policy[] = {
        { "bind", SPREAD_NODE, true },
        { "preferred", SPREAD_PREFERRED, true },
        { "interleave", SPREAD_INTERLEAVE, false },
        { "weighted-interleave", SPREAD_WEIGHTED, false },
    };
    for (size_t i = 0; i < sizeof policy / sizeof policy[0]; i++) {
        if (strcmp(policy[i].name, text) != 0)
            continue;
        if (policy[i].one && set_count(nodes) != 1)
            fail(FAIL_USAGE, NULL, "policy=%s takes one node.", text);
        if (set_count(nodes) == 0)
            fail(FAIL_USAGE, NULL, "policy=%s names the nodes, as in node=0+1.", text);
        return want_policy(policy[i].spread, nodes);
    }
    fail(FAIL_USAGE, NULL, "policy is bind, preferred, interleave, weighted-interleave or local, not \"%s\".", text);
}

size_t memory_share_at(const struct memory_case *asked, int thread)
{
    return asked->bytes / (size_t)asked->cpus / LOOP_BYTES * LOOP_BYTES * (size_t)thread;
}

struct want memory_share_want(const struct memory_case *asked, int thread)
{
    return want_touch(asked->cpu[thread]);
}

/* Shares that come to lie on one node are checked together. */
static void check_local(const struct memory_case *asked)
{
    static int threads_on[SET_BITS];
    memset(threads_on, 0, sizeof threads_on);
    size_t share = (memory_share_at(asked, 1) + asked->pages.bytes - 1) / asked->pages.bytes * asked->pages.bytes;
    for (int i = 0; i < asked->cpus; i++) {
        int node = numa_near(asked->cpu[i]);
        threads_on[node < 0 ? 0 : node]++;
    }
    for (int i = 0; i < asked->cpus; i++) {
        int node = numa_near(asked->cpu[i]);
        struct want want = want_touch(asked->cpu[i]);
        region_check(share * (size_t)threads_on[node < 0 ? 0 : node], asked->pages, &want);
    }
}

struct memory_case memory_case_parse(char *text, uint64_t bytes)
{
    struct memory_case asked = { .bytes = (size_t)bytes, .pages = pages_base() };
    const char *what = "", *policy = "bind", *kernel = "triad";
    int *nodes = NULL, node_count = 0;
    for (char *key, *value; case_next(&text, &key, &value);) {
        if (strcmp(key, "what") == 0)
            what = value;
        else if (strcmp(key, "cpu") == 0)
            asked.cpus = parse_ids(key, value, &asked.cpu);
        else if (strcmp(key, "node") == 0)
            node_count = parse_ids(key, value, &nodes);
        else if (strcmp(key, "policy") == 0)
            policy = value;
        else if (strcmp(key, "pages") == 0)
            asked.pages = pages_parse(value);
        else if (strcmp(key, "size") == 0)
            asked.bytes = (size_t)case_number(key, value, 0, SIZE_MOST);
        else if (strcmp(key, "kernel") == 0)
            kernel = value;
        else if (strcmp(key, "pause") == 0)
            asked.pause_ns = case_number(key, value, 0, PAUSE_MOST);
        else
            fail(FAIL_USAGE, NULL, "A case of memory has no key \"%s\".", key);
    }
    asked.what = parse_what(what);
    asked.kernel = stream_kernel(kernel);
    asked.local = strcmp(policy, "local") == 0;
    if (asked.cpus == 0 || (node_count == 0) != asked.local)
        fail(FAIL_USAGE, NULL, "A case of memory names cpu=CPU and, unless policy=local, node=NODE.");
    if (asked.what == MEMORY_LATENCY && asked.cpus > 1)
        fail(FAIL_USAGE, NULL, "what=latency is of one CPU; the others load memory with what=loaded-latency.");
    if (asked.what == MEMORY_LOADED_LATENCY && asked.cpus < 2)
        fail(FAIL_USAGE, NULL, "what=loaded-latency needs two CPUs or more: the first is measured, the others load memory.");
    struct cpuset cpus = set_of_ids("cpu", asked.cpu, asked.cpus), on = set_of_ids("node", nodes, node_count);
    free(nodes);
    numa_check_cpus(&cpus);
    if (asked.bytes < SIZE_LEAST || memory_share_at(&asked, 1) < SHARE_LEAST)
        fail(FAIL_USAGE, NULL, "A size of %zu bytes is too small: each thread needs %d at least.", asked.bytes, SHARE_LEAST);
    if (!asked.local)
        asked.want = parse_policy(policy, &on);
    if (asked.local)
        check_local(&asked);
    else
        region_check(asked.bytes, asked.pages, &asked.want);
    return asked;
}
