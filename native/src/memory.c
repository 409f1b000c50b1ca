/*
 * Owns: the command `memory`: latency and bandwidth of one CPU to the memory of one node. Memory is taken anew for each
 * repetition; building it is not timed.
 */
#include "args.h"
#include "commands.h"
#include "guard.h"
#include "memory_kernels.h"
#include "numa.h"
#include "pages.h"
#include "repetition.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 4096, ROUNDS = 10000, DURATION_MS = 600000 };
#define SIZE_LEAST (UINT64_C(64) << 10)
#define SIZE_MOST (UINT64_C(1) << 40)

struct memory_case {
    bool bandwidth;
    int cpu, node;
    size_t size;
    struct want want;
    enum pages pages;
};

static struct memory_case parse_case(char *text, uint64_t size)
{
    struct memory_case asked = { .cpu = -1, .node = -1, .size = (size_t)size };
    const char *what = "";
    for (char *key, *value; case_next(&text, &key, &value);) {
        if (strcmp(key, "what") == 0)
            what = value;
        else if (strcmp(key, "cpu") == 0)
            asked.cpu = (int)case_number(key, value, 0, SET_BITS - 1);
        else if (strcmp(key, "node") == 0)
            asked.node = (int)case_number(key, value, 0, SET_BITS - 1);
        else if (strcmp(key, "size") == 0)
            asked.size = (size_t)case_number(key, value, SIZE_LEAST, SIZE_MOST);
        else if (strcmp(key, "pages") == 0)
            asked.pages = pages_parse(value);
        else
            fail(FAIL_USAGE, NULL, "A case of memory has no key \"%s\".", key);
    }
    asked.bandwidth = strcmp(what, "bandwidth") == 0;
    if (!asked.bandwidth && strcmp(what, "latency") != 0)
        fail(FAIL_USAGE, NULL, "what is latency or bandwidth, not \"%s\".", what);
    if (asked.cpu < 0 || asked.node < 0)
        fail(FAIL_USAGE, NULL, "A case of memory names cpu=CPU and node=NODE.");
    struct cpuset cpu = set_of(asked.cpu);
    numa_check_cpus(&cpu);
    asked.want = want_node(asked.node);
    region_check(asked.size, asked.pages, &asked.want);
    return asked;
}

static void repeat(const struct memory_case *asked, int number, uint64_t round, unsigned duration_ms)
{
    struct region region;
    struct found found;
    struct validity validity = { 0 };
    region_map(&region, asked->size, asked->pages, &asked->want);
    /* Exactly the size asked for is used, also where whole huge pages are more. */
    struct kernel_run run = { .memory = region.base, .bytes = asked->size };
    struct worker_thread thread = { .work = asked->bandwidth ? triad_work : chase_work, .benchmark = &run, .cpu = asked->cpu };
    if (asked->bandwidth)
        triad_build(&run);
    else
        chase_build(&run);
    team_run(&thread, 1, duration_ms);
    if (asked->bandwidth)
        triad_judge(&run, &validity);
    region_look(&region, &found);
    if (run.done == 0)
        invalidate(&validity, "nothing was done in the measured time");
    worker_thread_judge(&thread, "thread", &validity);
    region_judge(&region, &found, &validity);

    double seconds = worker_thread_seconds(&thread), value = NAN;
    if (run.done > 0 && seconds > 0)
        value = asked->bandwidth ? (double)run.done * TRIAD_BYTES / seconds : seconds * 1e9 / (double)run.done;
    struct slot slot = { "thread", &thread };
    repetition_begin(&(struct repetition){
        .benchmark = asked->bandwidth ? "memory-bandwidth" : "memory-latency",
        .metric = asked->bandwidth ? "B/s" : "ns",
        .number = number,
        .round = round,
        .value = value,
        .decimals = asked->bandwidth ? 0 : 3,
        .seconds = seconds,
        .slot = &slot,
        .slots = 1,
        .thread = &thread,
        .threads = 1,
        .counters = true,
        .found = &found,
        .validity = &validity,
    });
    report_end();
    region_unmap(&region);
}

void command_memory(struct args *args)
{
    static struct memory_case cases[CASES];
    static char *text[CASES];
    int count = 0;
    uint64_t rounds = 1, duration_ms = 1000, size = UINT64_C(1) << 30;
    while (args->at < args->count) {
        if (args_is(args, "--rounds"))
            rounds = args_number(args, "--rounds", 1, ROUNDS);
        else if (args_is(args, "--duration-ms"))
            duration_ms = args_number(args, "--duration-ms", 1, DURATION_MS);
        else if (args_is(args, "--size"))
            size = args_number(args, "--size", SIZE_LEAST, SIZE_MOST);
        else if (args_is(args, "--case") && count < CASES)
            text[count++] = args_value(args, "--case");
        else
            args_unexpected(args, "memory");
    }
    if (count == 0)
        fail(FAIL_USAGE, NULL, "memory needs at least one --case.");
    for (int i = 0; i < count; i++)
        cases[i] = parse_case(text[i], size);
    worker_is_expendable();
    for (uint64_t round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            repeat(&cases[i], i, round, (unsigned)duration_ms);
}
