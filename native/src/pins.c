/* Owns: see pins.h. */
#define _GNU_SOURCE
#include "pins.h"
#include "args.h"
#include "json.h"
#include "kernel.h"
#include "numa.h"
#include "process.h"
#include "report.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { PINS = 64, COMM = 15 /* the kernel cuts a thread's name there */, OF_THREADS = -1 };

/* What comes after the @. */
struct memory {
    int policy; /* 0: none asked for */
    struct cpuset nodes;
};

static struct pin {
    char *name;
    struct cpuset cpus; /* empty: any */
    struct memory memory;
    int program;  /* it holds for the whole of this one, or OF_THREADS */
    int matched;  /* threads it was found to be for */
    bool slipped; /* one of them was seen where it should not be, or could not be pinned */
} pin[PINS];
static int pins;

/* Threads that were met, and for which pin: each is pinned once. If it moves itself away later, the pin did not hold. */
static struct met {
    pid_t tid;
    struct pin *pin;
    bool settled; /* what the next look finds has to be the pin's; a look may have begun before the pinning */
    bool released;
} *met;
static size_t met_count, met_capacity;
static bool by_hand;

/* NODES, bind:NODES, preferred:NODE, interleave or interleave:NODES, weighted-interleave likewise */
static struct memory memory_of(const char *text)
{
    static const struct {
        const char *word;
        int policy;
    } known[] = { { "bind:", POLICY_BIND },
                  { "preferred:", POLICY_PREFERRED },
                  { "interleave:", POLICY_INTERLEAVE },
                  { "weighted-interleave:", POLICY_WEIGHTED_INTERLEAVE } };
    const char *list = text;
    struct memory memory = { .policy = POLICY_BIND };
    if (strcmp(text, "interleave") == 0)
        return (struct memory){ POLICY_INTERLEAVE, numa_usable() };
    if (strcmp(text, "weighted-interleave") == 0)
        return (struct memory){ POLICY_WEIGHTED_INTERLEAVE, numa_usable() };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(text, known[i].word, strlen(known[i].word)) == 0) {
            list = text + strlen(known[i].word);
            memory.policy = known[i].policy;
        }
    if (!set_parse(&memory.nodes, list) || set_count(&memory.nodes) == 0)
        fail(FAIL_USAGE, NULL, "After @ come NUMA nodes, preferred:NODE, interleave, interleave:NODES or weighted-interleave:NODES, not \"%s\".", text);
    if (memory.policy == POLICY_PREFERRED && set_count(&memory.nodes) != 1)
        fail(FAIL_USAGE, NULL, "One node can be preferred, not \"%s\".", list);
    for (int node = set_next(&memory.nodes, -1); node >= 0; node = set_next(&memory.nodes, node))
        numa_check_node(node);
    return memory;
}

void pins_add(char *text)
{
    char *list = strrchr(text, '=');
    if (list == NULL || list == text)
        fail(FAIL_USAGE, NULL, "--pin is NAME=CPULIST[@MEMORY], not \"%s\".", text);
    if (pins == PINS)
        fail(FAIL_USAGE, NULL, "There are more than %d pins.", PINS);
    struct pin *new = &pin[pins++];
    *list++ = '\0';
    *new = (struct pin){ .name = text, .program = OF_THREADS };
    char *at = strchr(list, '@');
    if (at != NULL) {
        *at++ = '\0';
        new->memory = memory_of(at);
    }
    if (!set_parse(&new->cpus, list) || (set_count(&new->cpus) == 0 && new->memory.policy == 0))
        fail(FAIL_USAGE, NULL, "\"%s\" is not a list of CPUs such as 0-3,8.", list);
    if (set_count(&new->cpus) > 0)
        numa_check_cpus(&new->cpus);
}

static struct pin *whole(int program)
{
    for (int i = 0; i < pins; i++)
        if (pin[i].program == program)
            return &pin[i];
    return NULL;
}

void pins_settle(int program, const char *name, bool alone)
{
    for (int i = 0; i < pins && whole(program) == NULL; i++)
        if ((alone && pins == 1 && strchr(pin[i].name, '*') == NULL) || strcmp(pin[i].name, name) == 0)
            pin[i].program = program;
}

/* By the kernel's default policy a page lies where the thread runs that touches it first: all its CPUs on that node do. */
static bool by_first_touch(const struct pin *of)
{
    if (of->memory.policy != POLICY_BIND || set_count(&of->memory.nodes) != 1 || set_count(&of->cpus) == 0)
        return false;
    int node = set_next(&of->memory.nodes, -1);
    for (int cpu = set_next(&of->cpus, -1); cpu >= 0; cpu = set_next(&of->cpus, cpu))
        if (numa_node_of(cpu) != node)
            return false;
    for (int i = 0; i < pins; i++)
        if (pin[i].program != OF_THREADS && pin[i].memory.policy != 0)
            return false;
    return true;
}

void pins_check(const char *example)
{
    for (int i = 0; i < pins; i++)
        if (pin[i].program == OF_THREADS && pin[i].memory.policy != 0 && !by_first_touch(&pin[i])) {
            char *nodes = set_text(&pin[i].memory.nodes);
            fail(FAIL_UNSUPPORTED,
                 words("Pin the thread to CPUs of node %s, where what it touches first will lie; or give the memory to the whole program: --pin %s=CPULIST@%s",
                       nodes, example, nodes),
                 "The memory policy of the thread \"%s\" cannot be set from outside it.", pin[i].name);
        }
}

bool pins_of_threads(void)
{
    for (int i = 0; i < pins; i++)
        if (pin[i].program == OF_THREADS)
            return true;
    return false;
}

int pins_apply_whole(int program)
{
    const struct pin *own = whole(program);
    int result = 0;
    if (own != NULL && set_count(&own->cpus) > 0)
        result = affinity_set(0, &own->cpus);
    if (result == 0 && own != NULL && own->memory.policy != 0) {
        struct cpuset usable = numa_usable();
        result = policy_of_thread(own->memory.policy, &own->memory.nodes);
        if (set_count(&usable) == 1) /* there is no other node: nothing was needed, so nothing failed */
            result = 0;
    }
    return result;
}

/* Workers of a pool are named by a pattern such as "worker-*". */
static bool names(const char *name, const char *comm)
{
    return strchr(name, '*') != NULL ? fnmatch(name, comm, 0) == 0 : strncmp(name, comm, COMM) == 0;
}

static struct pin *pin_for(int program, const char *comm)
{
    for (int i = 0; i < pins; i++)
        if (pin[i].program == OF_THREADS && names(pin[i].name, comm))
            return &pin[i];
    return whole(program);
}

static struct met *met_as(pid_t tid)
{
    struct met *one = NULL;
    for (size_t i = 0; i < met_count; i++)
        if (met[i].tid == tid)
            one = &met[i];
    if (one == NULL) {
        if (met_count == met_capacity) {
            met_capacity = met_capacity == 0 ? 64 : met_capacity * 2;
            met = realloc(met, met_capacity * sizeof *met);
            if (met == NULL)
                abort();
        }
        one = &met[met_count++];
        *one = (struct met){ .tid = tid };
    }
    return one;
}

static struct met *meet(int program, const struct thread_facts *facts)
{
    struct met *one = met_as(facts->tid);
    struct pin *now = pin_for(program, facts->name); /* a thread may take its name late */
    if (now != one->pin && !one->released) {
        if (one->pin != NULL)
            one->pin->matched--;
        if (now != NULL)
            now->matched++;
        one->pin = now;
        one->settled = now == whole(program); /* it had that from its start */
        struct cpuset got;
        if (!one->settled && now != NULL && (affinity_set(facts->tid, &now->cpus) != 0 || affinity_get(facts->tid, &got) != 0 || !set_equal(&got, &now->cpus)))
            now->slipped = true;
    }
    return one;
}

void pins_release(pid_t tid)
{
    by_hand = true;
    if (pins > 0)
        met_as(tid)->released = true;
}

void pins_thread(int program, const struct thread_facts *facts, const struct cpuset *allowed)
{
    if (pins == 0)
        return;
    struct met *one = meet(program, facts);
    if (one->released || one->pin == NULL || set_count(&one->pin->cpus) == 0 || (by_hand && one->pin->program != OF_THREADS))
        return;
    if (one->settled && !set_within(allowed, &one->pin->cpus))
        one->pin->slipped = true;
    one->settled = true;
}

void pins_write(struct json *json)
{
    json_open(json, '[');
    for (int i = 0; i < pins; i++) {
        json_open(json, '{');
        json_key(json, "name");
        json_text(json, pin[i].name);
        json_key(json, "matched");
        json_integer(json, pin[i].matched);
        json_key(json, "held");
        json_flag(json, pin[i].matched > 0 && !pin[i].slipped);
        json_close(json, '}');
    }
    json_close(json, ']');
}
