/*
 * Owns: the command `pool`: worker pools with deques, whose steal order is given, and whose memory is brought in by whom the case says.
 * Its cases, its rounds, and the line of a repetition. Memory is taken anew for each repetition.
 */
#include "pool.h"
#include "args.h"
#include "commands.h"
#include "guard.h"
#include "json.h"
#include "pool_traffic.h"
#include "repetition.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 4096, ORDERS = 256, ROUNDS = 10000, DURATION_MS = 600000, BASE_ROUNDS = 5 };

const struct pool_load *pool_load_named(const char *name)
{
    static const struct pool_load *const known[] = { &pool_tiny, &pool_tree, &pool_traversal, &pool_distance, &pool_sparse, &pool_dispatch };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i]->name, name) == 0)
            return known[i];
    fail(FAIL_USAGE, NULL, "load is tiny, tree, traversal, distance, sparse or dispatch, not \"%s\".", name);
}

static void build(struct pool *pool, struct pool_case *asked)
{
    *pool = (struct pool){ .asked = asked, .judged = asked };
    asked->load->plan(pool);
    pool->thread = calloc((size_t)asked->workers, sizeof *pool->thread);
    if (pool->thread == NULL)
        abort();
    for (int i = 0; i < asked->workers; i++)
        pool->thread[i] = (struct worker_thread){ .prepare = pool_prepare, .work = pool_work, .benchmark = pool, .cpu = asked->cpu[i] };
    pool_memory_map(&pool->arena, asked, 0, asked->workers, pool_arena_bytes(pool), pool_arena_touch(asked), pool_arena_pages(asked));
    for (int store = 0; store < 2; store++)
        if (pool->store_bytes[store] > 0)
            pool_memory_map(&pool->store[store], asked, pool_store_first(asked, store), pool_store_end(asked, store), pool->store_bytes[store],
                            pool_store_touch(asked, store), pool_store_pages(asked, store));
    atomic_store(&pool->signal.frame, 1);
}

static void release(struct pool *pool)
{
    pool_memory_unmap(&pool->arena);
    for (int store = 0; store < 2; store++)
        if (pool->store_bytes[store] > 0)
            pool_memory_unmap(&pool->store[store]);
    free(pool->thread);
}

/* The results of a frame against those of one thread, which are worked out once a case. */
static void judge_results(const struct pool *pool, struct pool_case *asked, struct validity *validity)
{
    unsigned kinds = 0;
    bool known = true;
    while (kinds < POOL_KINDS && pool->seen[kinds])
        known &= asked->known[kinds++];
    for (unsigned kind = 0; kind < kinds && !known; kind++) {
        asked->due[kind] = asked->load->serial(pool, kind);
        asked->known[kind] = true;
    }
    for (unsigned kind = 0; kind < kinds; kind++)
        if (pool->sum[kind] != asked->due[kind])
            invalidate(validity, "the results of a frame are not those of one thread");
    if (pool->unlike > 0)
        invalidate(validity, "%llu of %llu frames had other results than the first", (unsigned long long)pool->unlike, (unsigned long long)pool->frames);
    if (pool->short_of > 0)
        invalidate(validity, "%llu frames lost jobs, or had some done twice", (unsigned long long)pool->short_of);
}

static void judge(const struct pool *pool, struct pool_case *asked, struct found *found, struct validity *validity)
{
    struct found own;
    memset(found, 0, sizeof *found);
    bool apart = asked->load->stores;
    if (apart)
        pool_memory_judge(&pool->store[0], found, true, validity);
    if (pool->store_bytes[1] > 0) /* of two pools it may lie in other pages, and is not what was asked for */
        pool_memory_judge(&pool->store[1], asked->load->two_pools ? &own : found, asked->load->two_pools, validity);
    pool_memory_judge(&pool->arena, apart ? &own : found, true, validity);
    if (asked->load_percent > 0)
        asked->load->judge(pool, validity);
    judge_results(pool, asked, validity);
    for (int i = 0; i < asked->workers; i++)
        worker_thread_judge(&pool->thread[i], "worker", validity);
}

static void write_counts(struct json *json, const uint64_t counts[POOL_CLASSES])
{
    int used = POOL_CLASSES;
    while (used > 0 && counts[used - 1] == 0)
        used--;
    json_open(json, '[');
    for (int i = 0; i < used; i++)
        json_count(json, counts[i]);
    json_close(json, ']');
}

static void write_worker(struct json *json, const struct pool *pool, int number)
{
    const struct pool_worker *worker = pool_worker_at(pool, number);
    const struct pool_counts *counts = &worker->counted;
    const struct {
        const char *name;
        uint64_t count;
    } plain[] = {
        { "polls", counts->polls },       { "timedPolls", counts->timed }, { "slowPolls", counts->slow },
        { "searches", counts->searches }, { "local", counts->local },       { "remote", counts->remote },
        { "allocations", counts->allocations },
        { "migrations", worker_thread_migrations(&pool->thread[number]) },
    };
    json_open(json, '{');
    json_key(json, "cpu");
    json_integer(json, pool->asked->cpu[number]);
    json_key(json, "node");
    json_integer(json, pool->asked->node[number]);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        json_key(json, plain[i].name);
        json_count(json, plain[i].count);
    }
    json_key(json, "tried");
    write_counts(json, counts->tried);
    json_key(json, "got");
    write_counts(json, counts->got);
    json_key(json, "seconds");
    json_real(json, worker_thread_seconds(&pool->thread[number]), 9);
    json_key(json, "idleSeconds");
    json_real(json, (double)counts->idle * worker->ns_per_tick / 1e9, 9);
    json_key(json, "allocationNs"); /* of one */
    json_real(json, counts->allocations_timed > 0 ? (double)counts->allocation * worker->ns_per_tick / (double)counts->allocations_timed : NAN, 3);
    json_close(json, '}');
}

static void write_workers(struct json *json, const struct pool *pool)
{
    static struct histogram all, handed;
    uint64_t arrived = 0, dropped = 0;
    memset(&all, 0, sizeof all);
    memset(&handed, 0, sizeof handed);
    json_key(json, "frames");
    json_count(json, pool->frames);
    json_key(json, "workers");
    json_open(json, '[');
    for (int i = 0; i < pool->asked->workers; i++) {
        const struct pool_counts *counts = &pool_worker_at(pool, i)->counted;
        histogram_sum(&all, &counts->histogram);
        histogram_sum(&handed, &counts->handed);
        arrived += counts->arrived;
        dropped += counts->dropped;
        write_worker(json, pool, i);
    }
    json_close(json, ']');
    if (pool->asked->load_percent > 0) {
        json_key(json, "arrived");
        json_count(json, arrived);
        json_key(json, "dropped");
        json_count(json, dropped);
    }
    if (pool->asked->load->two_pools) {
        json_key(json, "handed");
        histogram_write(json, &handed);
        pool_traffic_write(json);
    }
    json_key(json, "histogram");
    histogram_write(json, &all);
}

/* What the workers of the case did in a second, each over its own time. */
static double rate(const struct pool *pool)
{
    double sum = 0;
    for (int i = 0; i < pool->asked->workers; i++) {
        double seconds = worker_thread_seconds(&pool->thread[i]);
        if (seconds > 0)
            sum += (double)pool_worker_at(pool, i)->counted.units / seconds;
    }
    return sum > 0 ? sum : NAN;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return one < two ? -1 : one > two;
}

/* What the base serves in a second: the middle one of some repetitions, none of which is reported. */
static double served(struct pool_case *base, unsigned duration_ms)
{
    double some[BASE_ROUNDS];
    int count = 0;
    for (int i = 0; i < BASE_ROUNDS; i++) {
        struct pool pool;
        build(&pool, base);
        team_run(pool.thread, base->workers, duration_ms);
        double value = rate(&pool);
        if (!isnan(value))
            some[count++] = value;
        release(&pool);
    }
    qsort(some, (size_t)count, sizeof *some, by_size);
    return count > 0 ? some[count / 2] : NAN;
}

static void repeat(struct pool_case *asked, int number, uint64_t round, unsigned duration_ms)
{
    struct pool pool;
    struct found found;
    struct validity validity = { 0 };
    struct cpuset all = { 0 };
    build(&pool, asked);
    if (asked->load->two_pools)
        team_run_watched(pool.thread, asked->workers, duration_ms, pool_traffic_at);
    else
        team_run(pool.thread, asked->workers, duration_ms);
    judge(&pool, asked, &found, &validity);
    for (int i = 0; i < asked->workers; i++)
        for (int cpu = set_next(&pool.thread[i].seen, -1); cpu >= 0; cpu = set_next(&pool.thread[i].seen, cpu))
            set_add(&all, cpu);
    double value = rate(&pool);
    if (isnan(value))
        invalidate(&validity, "nothing was completed in the measured time");
    struct slot slot[] = { { "workers", &all } };
    struct json *json = repetition_begin(&(struct repetition){
        .benchmark = asked->load->benchmark,
        .metric = "jobs/s",
        .number = number,
        .round = round,
        .value = value,
        .decimals = 1,
        .seconds = worker_thread_seconds(&pool.thread[0]),
        .slot = slot,
        .slots = 1,
        .thread = pool.thread,
        .threads = asked->workers,
        .counters = true,
        .found = &found,
        .validity = &validity,
    });
    write_workers(json, &pool);
    report_end();
    release(&pool);
}

void command_pool(struct args *args)
{
    static struct pool_case cases[CASES];
    static struct pool_order orders[ORDERS];
    static char *text[CASES], *base;
    bool clocked = false;
    int count = 0, order = 0;
    uint64_t rounds = 1, duration_ms = 1000;
    while (args->at < args->count) {
        if (args_is(args, "--rounds"))
            rounds = args_number(args, "--rounds", 1, ROUNDS);
        else if (args_is(args, "--duration-ms"))
            duration_ms = args_number(args, "--duration-ms", 1, DURATION_MS);
        else if (args_is(args, "--order") && order < ORDERS)
            orders[order++] = pool_order_parse(args_value(args, "--order"));
        else if (args_is(args, "--base"))
            base = args_value(args, "--base");
        else if (args_is(args, "--case") && count < CASES)
            text[count++] = args_value(args, "--case");
        else
            args_unexpected(args, "pool");
    }
    if (count == 0)
        fail(FAIL_USAGE, NULL, "pool needs at least one --case.");
    for (int i = 0; i < count; i++) {
        cases[i] = pool_case_parse(text[i], orders, order);
        clocked |= cases[i].load_percent > 0;
    }
    if (clocked && base == NULL)
        fail(FAIL_USAGE, NULL, "offered=PERCENT is of what a case serves: name it with --base.");
    worker_is_expendable();
    counters_allow_many();
    if (clocked) {
        struct pool_case of = pool_case_parse(base, orders, order);
        double most = served(&of, (unsigned)duration_ms);
        if (isnan(most))
            fail(FAIL_INTERNAL, "Allow more time a repetition.", "The case of which the load is a part served no request.");
        for (int i = 0; i < count; i++)
            cases[i].offered = most * cases[i].load_percent / 100;
    }
    for (uint64_t round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            repeat(&cases[i], i, round, (unsigned)duration_ms);
}
