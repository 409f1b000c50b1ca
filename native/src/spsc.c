/*
 * Owns: the command `spsc`: its cases, its rounds (outer loop) over cases (inner loop), and the line of a repetition.
 * Memory is taken anew for each repetition, so that the spread of the figures has in it what page addresses do.
 */
#include "spsc.h"
#include "args.h"
#include "commands.h"
#include "guard.h"
#include "json.h"
#include "numa.h"
#include "repetition.h"
#include "report.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 4096, ROUNDS = 10000, DURATION_MS = 600000 };
#define CAPACITY (UINT64_C(1) << 28) /* items: 2 GiB */

/* Polls of a polite wait before it gives the CPU away: the other side may be about to answer from another CPU. */
enum { PATIENCE = 64 };

uint64_t spsc_pause(const struct worker_thread *thread, uint64_t polls_in_a_row)
{
    if (!thread->polite || polls_in_a_row < PATIENCE) {
        relax();
        return 1;
    }
    sched_yield();
    return worker_thread_stops(thread) ? LOOK_EVERY : LOOK_EVERY / 8;
}

struct numa_spsc spsc_queue(const struct spsc_run *run, size_t which, uint64_t batch)
{
    const struct spsc_case *asked = run->asked;
    struct numa_spsc_options options = { .capacity = asked->capacity, .padding = (unsigned)asked->padding, .publish_every = batch };
    return numa_spsc_in(run->region.base + which * numa_spsc_bytes(asked->capacity), &options);
}

static struct want want_of(const char *memory, const struct spsc_case *asked)
{
    uint64_t node;
    if (strcmp(memory, "interleave") == 0)
        return want_interleaved();
    if (parse_number(memory, 0, SET_BITS - 1, &node))
        return want_node((int)node);
    if (strcmp(memory, "producer") != 0 && strcmp(memory, "consumer") != 0)
        fail(FAIL_USAGE, NULL, "memory is a node's number, producer, consumer or interleave, not \"%s\".", memory);
    int cpu = memory[0] == 'p' ? asked->producer : asked->consumer;
    return cpu < 0 ? (struct want){ .spread = SPREAD_ANYWHERE } : want_near(cpu);
}

static void check_cpus(const struct spsc_case *asked, const struct spsc_kind *kind)
{
    if (kind->sides == 1 && asked->consumer != asked->producer)
        fail(FAIL_USAGE, NULL, "One thread is both producer and consumer: name the same CPU twice.");
    if (asked->pin && (asked->producer < 0 || asked->consumer < 0))
        fail(FAIL_USAGE, NULL, "A case names producer=CPU and consumer=CPU, or says pin=0.");
    struct cpuset cpus = { 0 };
    if (asked->producer >= 0)
        set_add(&cpus, asked->producer);
    if (asked->consumer >= 0)
        set_add(&cpus, asked->consumer);
    if (set_count(&cpus) > 0)
        numa_check_cpus(&cpus);
}

static struct spsc_case parse_case(char *text, const struct spsc_kind *kind)
{
    struct spsc_case asked = { .producer = -1, .consumer = -1, .pin = true, .padding = 128, .capacity = 4096, .batch = 1, .pages = pages_base() };
    const char *memory = "producer";
    for (char *key, *value; case_next(&text, &key, &value);) {
        if (strcmp(key, "producer") == 0)
            asked.producer = (int)case_number(key, value, 0, SET_BITS - 1);
        else if (strcmp(key, "consumer") == 0)
            asked.consumer = (int)case_number(key, value, 0, SET_BITS - 1);
        else if (strcmp(key, "memory") == 0)
            memory = value;
        else if (strcmp(key, "padding") == 0)
            asked.padding = (size_t)case_number(key, value, 0, NUMA_SPSC_PADDING_MOST);
        else if (strcmp(key, "capacity") == 0)
            asked.capacity = case_number(key, value, 2, CAPACITY);
        else if (strcmp(key, "batch") == 0)
            asked.batch = case_number(key, value, 1, CAPACITY);
        else if (strcmp(key, "pages") == 0)
            asked.pages = strcmp(value, "4k") == 0 ? pages_base() : pages_parse(value); /* its name for the kernel's own size */
        else if (strcmp(key, "pin") == 0)
            asked.pin = case_number(key, value, 0, 1) == 1;
        else
            fail(FAIL_USAGE, NULL, "A case of spsc has no key \"%s\".", key);
    }
    if (asked.padding != 0 && asked.padding != 64 && asked.padding != 128 && asked.padding != 256)
        fail(FAIL_USAGE, NULL, "padding is 0, 64, 128 or 256.");
    if ((asked.capacity & (asked.capacity - 1)) != 0)
        fail(FAIL_USAGE, NULL, "capacity is a power of two.");
    if (asked.batch > asked.capacity)
        fail(FAIL_USAGE, NULL, "batch cannot be larger than capacity.");
    check_cpus(&asked, kind); /* before the memory, which may be meant by a CPU */
    asked.want = want_of(memory, &asked);
    region_check(kind->rings * numa_spsc_bytes(asked.capacity), asked.pages, &asked.want);
    return asked;
}

static void repeat(const struct spsc_kind *kind, const struct spsc_case *asked, int number, uint64_t round, unsigned duration_ms)
{
    struct spsc_run run = { .asked = asked };
    struct validity validity = { 0 };
    struct found found;
    run.state = calloc(1, kind->state_bytes);
    if (run.state == NULL)
        abort();
    region_map(&run.region, kind->rings * numa_spsc_bytes(asked->capacity), asked->pages, &asked->want);
    for (int side = PRODUCER; side < kind->sides; side++) {
        int cpu = side == PRODUCER ? asked->producer : asked->consumer;
        run.side[side] = (struct worker_thread){
            .work = kind->work[side],
            .benchmark = &run,
            .cpu = asked->pin ? cpu : -1,
            .polite = kind->sides > 1 && (!asked->pin || asked->producer == asked->consumer),
        };
    }
    team_run(run.side, kind->sides, duration_ms);
    region_look(&run.region, &found);
    kind->judge(&run, &validity);
    worker_thread_judge(&run.side[PRODUCER], "producer", &validity);
    if (kind->sides > 1)
        worker_thread_judge(&run.side[CONSUMER], "consumer", &validity);
    region_judge(&run.region, &found, &validity);

    double seconds = worker_thread_seconds(&run.side[kind->timed]);
    struct slot slot[SIDES] = { { "producer", &run.side[PRODUCER].seen }, { "consumer", &run.side[kind->sides - 1].seen } };
    struct json *json = repetition_begin(&(struct repetition){
        .benchmark = kind->benchmark,
        .metric = kind->metric,
        .number = number,
        .round = round,
        .value = kind->value(&run, seconds),
        .decimals = 1,
        .seconds = seconds,
        .slot = slot,
        .slots = SIDES,
        .thread = run.side,
        .threads = kind->sides,
        .counters = true,
        .found = &found,
        .validity = &validity,
    });
    kind->write(json, &run);
    report_end();
    region_unmap(&run.region);
    free(run.state);
}

void command_spsc(struct args *args)
{
    static struct spsc_case cases[CASES];
    static char *text[CASES];
    int count = 0;
    uint64_t rounds = 1, duration_ms = 1000;
    const struct spsc_kind *kind = &spsc_throughput;
    while (args->at < args->count) {
        if (args_is(args, "--rounds"))
            rounds = args_number(args, "--rounds", 1, ROUNDS);
        else if (args_is(args, "--duration-ms"))
            duration_ms = args_number(args, "--duration-ms", 1, DURATION_MS);
        else if (args_is(args, "--latency"))
            kind = &spsc_latency;
        else if (args_is(args, "--alternate"))
            kind = &spsc_alternate;
        else if (args_is(args, "--case") && count < CASES)
            text[count++] = args_value(args, "--case");
        else
            args_unexpected(args, "spsc");
    }
    if (count == 0)
        fail(FAIL_USAGE, NULL, "spsc needs at least one --case.");
    for (int i = 0; i < count; i++)
        cases[i] = parse_case(text[i], kind);
    worker_is_expendable();
    for (uint64_t round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            repeat(kind, &cases[i], i, round, (unsigned)duration_ms);
}
