/*
 * Owns: the command `memory`: latency and bandwidth of threads to memory, of one alone or of several together. Memory is taken anew for
 * each repetition; building it is not timed.
 */
#include "args.h"
#include "commands.h"
#include "guard.h"
#include "memory_case.h"
#include "memory_share.h"
#include "pages.h"
#include "repetition.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 4096, ROUNDS = 10000, DURATION_MS = 600000 };
#define SIZE_MOST (UINT64_C(1) << 44)

struct measurement {
    const struct memory_case *asked;
    struct region *region; /* one; of `local` one a thread */
    int regions;
    struct memory_share *share;
    struct worker_thread *thread;
};

bool share_bring_in(struct memory_share *share)
{
    /* The last share takes in what is left of the region, which whole pages may make longer than the buffer. */
    size_t to = share->last ? share->region->bytes : share->offset + share->bytes;
    share->lacks = !region_bring_in(share->region, share->offset, to);
    return !share->lacks;
}

static void prepare(struct measurement *m)
{
    const struct memory_case *asked = m->asked;
    size_t share = asked->cpus == 1 ? asked->bytes : memory_share_at(asked, 1);
    m->regions = asked->local ? asked->cpus : 1;
    m->region = calloc((size_t)m->regions, sizeof *m->region);
    m->share = calloc((size_t)asked->cpus, sizeof *m->share);
    m->thread = calloc((size_t)asked->cpus, sizeof *m->thread);
    if (m->region == NULL || m->share == NULL || m->thread == NULL)
        abort();
    for (int i = 0; i < m->regions; i++) {
        struct want want = asked->local ? memory_share_want(asked, i) : asked->want;
        region_reserve(&m->region[i], asked->local ? share : asked->bytes, asked->pages, &want);
    }
    for (int i = 0; i < asked->cpus; i++) {
        bool chases = asked->what == MEMORY_LATENCY || (asked->what == MEMORY_LOADED_LATENCY && i == 0);
        m->share[i] = (struct memory_share){
            .region = &m->region[asked->local ? i : 0],
            .offset = asked->local ? 0 : memory_share_at(asked, i),
            .bytes = share,
            .last = asked->local || i == asked->cpus - 1,
            .kernel = chases ? NULL : asked->kernel,
            .pause_ns = asked->pause_ns,
        };
        m->thread[i] = (struct worker_thread){
            .prepare = chases ? chase_prepare : stream_prepare,
            .work = chases ? chase_work : stream_work,
            .benchmark = &m->share[i],
            .cpu = asked->cpu[i],
        };
    }
}

static void release(struct measurement *m)
{
    for (int i = 0; i < m->regions; i++)
        region_unmap(&m->region[i]);
    free(m->region);
    free(m->share);
    free(m->thread);
}

static void judge(const struct measurement *m, struct found *found, struct validity *validity)
{
    memset(found, 0, sizeof *found);
    for (int i = 0; i < m->asked->cpus; i++) {
        const struct worker_thread *thread = &m->thread[i];
        if (m->share[i].wrong)
            invalidate(validity, "what the thread on CPU %d read or wrote is not what it should be", thread->cpu);
        if (m->share[i].done == 0)
            invalidate(validity, "the thread on CPU %d did nothing in the measured time", thread->cpu);
        worker_thread_judge(thread, "thread", validity);
    }
    for (int i = 0; i < m->regions; i++) {
        struct found own;
        region_look(&m->region[i], &own);
        region_judge(&m->region[i], &own, validity);
        found_add(found, &own, i == 0);
    }
}

/* What a thread did in a second; NAN where it did nothing. */
static double rate_of(const struct measurement *m, int thread)
{
    double seconds = worker_thread_seconds(&m->thread[thread]);
    return m->share[thread].done > 0 && seconds > 0 ? (double)m->share[thread].done / seconds : NAN;
}

/* The time of a load while the thread runs: waiting for the CPU on a busy host is no latency of memory. */
static double latency_of(const struct measurement *m)
{
    double seconds = worker_thread_used_seconds(&m->thread[0]);
    return m->share[0].done > 0 && seconds > 0 ? seconds * 1e9 / (double)m->share[0].done : NAN;
}

/* Of the threads from this one on, each over its own time: all were at it from when the last one began to when the first one stopped. */
static double rate_together(const struct measurement *m, int from)
{
    double sum = 0;
    for (int i = from; i < m->asked->cpus; i++)
        sum += rate_of(m, i);
    return sum;
}

static void write_rates(struct json *json, const struct measurement *m, int from)
{
    json_key(json, "threads");
    json_open(json, '[');
    for (int i = from; i < m->asked->cpus; i++)
        json_real(json, rate_of(m, i), 0);
    json_close(json, ']');
}

static void repeat(const struct memory_case *asked, int number, uint64_t round, unsigned duration_ms)
{
    static const char *const benchmark[] = {
        [MEMORY_LATENCY] = "memory-latency",
        [MEMORY_BANDWIDTH] = "memory-bandwidth",
        [MEMORY_LOADED_LATENCY] = "memory-loaded-latency",
    };
    struct measurement m = { .asked = asked };
    struct found found;
    struct validity validity = { 0 };
    prepare(&m);
    team_run(m.thread, asked->cpus, duration_ms);
    for (int i = 0; i < asked->cpus; i++)
        if (m.share[i].lacks)
            region_lack(m.share[i].region);
    judge(&m, &found, &validity);

    bool moves = asked->what == MEMORY_BANDWIDTH, loaded = asked->what == MEMORY_LOADED_LATENCY;
    struct cpuset all = { 0 };
    for (int i = loaded ? 1 : 0; i < asked->cpus; i++)
        for (int cpu = set_next(&m.thread[i].seen, -1); cpu >= 0; cpu = set_next(&m.thread[i].seen, cpu))
            set_add(&all, cpu);
    struct slot slot[] = { { asked->cpus == 1 || loaded ? "thread" : "threads", loaded ? &m.thread[0].seen : &all }, { "loaders", &all } };
    struct json *json = repetition_begin(&(struct repetition){
        .benchmark = benchmark[asked->what],
        .metric = moves ? "B/s" : "ns",
        .number = number,
        .round = round,
        .value = moves ? rate_together(&m, 0) : latency_of(&m),
        .decimals = moves ? 0 : 3,
        .seconds = worker_thread_seconds(&m.thread[0]),
        .slot = slot,
        .slots = loaded ? 2 : 1,
        .thread = m.thread,
        .threads = asked->cpus,
        .counters = true,
        .found = &found,
        .validity = &validity,
    });
    if (asked->what == MEMORY_LATENCY) {
        json_key(json, "loads");
        json_count(json, m.share[0].done);
    }
    if (loaded) {
        json_key(json, "loadBytesPerSecond");
        json_real(json, rate_together(&m, 1), 0);
    }
    if (asked->cpus > 1)
        write_rates(json, &m, loaded ? 1 : 0);
    report_end();
    release(&m);
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
            size = args_number(args, "--size", 1, SIZE_MOST);
        else if (args_is(args, "--case") && count < CASES)
            text[count++] = args_value(args, "--case");
        else
            args_unexpected(args, "memory");
    }
    if (count == 0)
        fail(FAIL_USAGE, NULL, "memory needs at least one --case.");
    for (int i = 0; i < count; i++)
        cases[i] = memory_case_parse(text[i], size);
    worker_is_expendable();
    counters_allow_many();
    for (uint64_t round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            repeat(&cases[i], i, round, (unsigned)duration_ms);
}
