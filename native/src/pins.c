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
#include <stdlib.h>
#include <string.h>

enum { PINS = 64, COMM = 15 /* the kernel cuts a thread's name there */ };

static struct pin pin[PINS];
static int pins;
static struct pin *whole; /* NULL: the program as such is free */

/* Threads that were met, and for which pin: each is pinned once. If it moves itself away later, the pin did not hold. */
static struct met {
    pid_t tid;
    struct pin *pin;
    bool settled; /* what the next look finds has to be the pin's; a look may have begun before the pinning */
} *met;
static size_t met_count, met_capacity;

void pins_add(char *text)
{
    char *list = strrchr(text, '=');
    uint64_t node;
    if (list == NULL || list == text)
        fail(FAIL_USAGE, NULL, "--pin is NAME=CPULIST[@NODE], not \"%s\".", text);
    if (pins == PINS)
        fail(FAIL_USAGE, NULL, "There are more than %d pins.", PINS);
    struct pin *new = &pin[pins++];
    *list++ = '\0';
    *new = (struct pin){ .name = text, .node = -1 };
    char *at = strchr(list, '@');
    if (at != NULL) {
        *at++ = '\0';
        if (!parse_number(at, 0, SET_BITS - 1, &node))
            fail(FAIL_USAGE, NULL, "After @ comes a NUMA node's number, not \"%s\".", at);
        new->node = (int)node;
    }
    if (!set_parse(&new->cpus, list) || (set_count(&new->cpus) == 0 && new->node < 0))
        fail(FAIL_USAGE, NULL, "\"%s\" is not a list of CPUs such as 0-3,8.", list);
    if (set_count(&new->cpus) > 0)
        numa_check_cpus(&new->cpus);
    if (new->node >= 0)
        numa_check_node(new->node);
}

void pins_settle(const char *command)
{
    const char *base = strrchr(command, '/') != NULL ? strrchr(command, '/') + 1 : command;
    for (int i = 0; i < pins; i++) {
        if (pins == 1 || (whole == NULL && strcmp(pin[i].name, base) == 0))
            whole = &pin[i];
        else if (pin[i].node >= 0)
            fail(FAIL_UNSUPPORTED, words("Give the node to the whole program: --pin %s=CPULIST@%d", base, pin[i].node),
                 "The memory policy of the thread \"%s\" cannot be set from outside it.", pin[i].name);
    }
}

bool pins_of_threads(void)
{
    return pins > (whole != NULL ? 1 : 0);
}

int pins_apply_whole(void)
{
    int result = 0;
    if (whole != NULL && set_count(&whole->cpus) > 0)
        result = affinity_set(0, &whole->cpus);
    if (result == 0 && whole != NULL && whole->node >= 0) {
        struct cpuset node = set_of(whole->node), usable = numa_usable();
        result = policy_of_thread(POLICY_BIND, &node);
        if (set_count(&usable) == 1) /* there is no other node: nothing was needed, so nothing failed */
            result = 0;
    }
    return result;
}

static struct pin *pin_for(const char *comm)
{
    for (int i = 0; i < pins; i++)
        if (&pin[i] != whole && strncmp(pin[i].name, comm, COMM) == 0)
            return &pin[i];
    return whole;
}

static struct met *meet(const struct thread_facts *facts)
{
    struct met *one = NULL;
    for (size_t i = 0; i < met_count; i++)
        if (met[i].tid == facts->tid)
            one = &met[i];
    if (one == NULL) {
        if (met_count == met_capacity) {
            met_capacity = met_capacity == 0 ? 64 : met_capacity * 2;
            met = realloc(met, met_capacity * sizeof *met);
            if (met == NULL)
                abort();
        }
        one = &met[met_count++];
        *one = (struct met){ .tid = facts->tid };
    }
    struct pin *now = pin_for(facts->name); /* a thread may take its name late */
    if (now != one->pin) {
        if (one->pin != NULL)
            one->pin->matched--;
        if (now != NULL)
            now->matched++;
        one->pin = now;
        one->settled = now == whole; /* it had that from its start */
        struct cpuset got;
        if (now != whole && (affinity_set(facts->tid, &now->cpus) != 0 || affinity_get(facts->tid, &got) != 0 || !set_equal(&got, &now->cpus)))
            now->slipped = true;
    }
    return one;
}

void pins_thread(const struct thread_facts *facts, const struct cpuset *allowed)
{
    if (pins == 0)
        return;
    struct met *one = meet(facts);
    if (one->pin == NULL || set_count(&one->pin->cpus) == 0)
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
