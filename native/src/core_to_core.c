/*
 * Owns: the command `core-to-core`: how long one CPU's write takes to be seen by another. Two pinned threads pass a
 * cache line to and fro by compare-and-exchange; the page it lies in is on the node the case names. A figure is one way:
 * the median over samples, each of which uses another line of the page, because which slice of a cache answers for a
 * line follows from its address.
 *
 * Each case has a page of its own, which its first CPU touches first and no third CPU ever does: on machines with several
 * L3 caches a line that a third core once had is reported to cost more for good (docs/BENCHMARKS.md, "The matrix").
 */
#include "args.h"
#include "commands.h"
#include "guard.h"
#include "json.h"
#include "numa.h"
#include "pages.h"
#include "repetition.h"
#include "report.h"
#include "ticks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CASES = 8192, DURATION_MS = 10000, NODES = 1024 };
/* Round trips in a sample: reading the clock twice is under 1 % of them. */
enum { TRIPS = 50 };
/* Two cache lines apart, so that no prefetcher of neighbours brings the next one; as many as fit the smallest page. */
enum { LINE_BYTES = 128, LINES = 4096 / LINE_BYTES };
enum { SAMPLES = 8192 };
/* Failed attempts between looks whether to stop. */
enum { ATTEMPTS = 1024 };

struct c2c_case {
    int from, to, node;
    size_t page; /* its number in the node's region */
};

/* One page for all cases of a node is how it was measured before, kept to show the difference. */
enum sharing { PAGES_FRESH, PAGES_REUSED };
static const char *const sharing_name[] = { [PAGES_FRESH] = "fresh", [PAGES_REUSED] = "reused" };

struct c2c {
    unsigned char *page;
    size_t samples;
    uint64_t ticks[SAMPLES];
    double ns_per_tick;
};

static _Atomic(uint64_t) *line_of(const struct c2c *run, uint64_t sample)
{
    return (_Atomic(uint64_t) *)(void *)(run->page + sample % LINES * LINE_BYTES);
}

/* Waits until the line holds `before` and makes it one more. False: it is time to stop. */
static bool pass(const struct worker_thread *thread, _Atomic(uint64_t) *line, uint64_t before)
{
    for (unsigned attempt = 1;; attempt++) {
        uint64_t expected = before;
        if (atomic_compare_exchange_weak_explicit(line, &expected, before + 1, memory_order_acq_rel, memory_order_relaxed))
            return true;
        if (attempt % ATTEMPTS == 0 && worker_thread_stops(thread))
            return false;
    }
}

/* What a line counts up to by a visit: every visit of every line begins where its last one ended. */
static uint64_t value_at(uint64_t sample, unsigned trip)
{
    return 2 * (sample / LINES * TRIPS + trip);
}

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* The first touch of a fresh page: the kernel finds and zeroes it on this CPU. */
static void touch_page(struct worker_thread *thread)
{
    struct c2c *run = thread->benchmark;
    memset(run->page, 0, LINES * LINE_BYTES);
}

static void lead(struct worker_thread *thread)
{
    struct c2c *run = thread->benchmark;
    struct ticks ticks = ticks_start();
    size_t kept = 0;
    enum phase before = PHASE_WARM;
    for (uint64_t sample = 0;; sample++) {
        enum phase phase = worker_thread_look(thread);
        if (phase == PHASE_STOP)
            break;
        if (phase != before)
            kept = 0;
        before = phase;
        _Atomic(uint64_t) *line = line_of(run, sample);
        unsigned trip = 0;
        /* The first trip brings the line here; it is not timed. */
        while (trip < 1 && pass(thread, line, value_at(sample, trip)))
            trip++;
        uint64_t start = ticks_now(&ticks);
        while (trip < TRIPS && pass(thread, line, value_at(sample, trip)))
            trip++;
        if (trip < TRIPS)
            break;
        if (kept < SAMPLES)
            run->ticks[kept++] = ticks_now(&ticks) - start;
    }
    while (worker_thread_look(thread) != PHASE_STOP)
        relax();
    run->samples = thread->begin_ns == 0 ? 0 : kept;
    run->ns_per_tick = ticks_in_ns(&ticks);
}

static void follow(struct worker_thread *thread)
{
    struct c2c *run = thread->benchmark;
    for (uint64_t sample = 0; worker_thread_look(thread) != PHASE_STOP; sample++)
        for (unsigned trip = 0; trip < TRIPS; trip++)
            if (!pass(thread, line_of(run, sample), value_at(sample, trip) + 1))
                break;
    while (worker_thread_look(thread) != PHASE_STOP)
        relax();
}

static int ascending(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;
    return (one > two) - (one < two);
}

/* One way, in ns: a sample spans a trip there and back, less the way that brought the line. */
static double one_way(const struct c2c *run, double share)
{
    double ways = 2.0 * (TRIPS - 1);
    return (double)run->ticks[(size_t)((double)(run->samples - 1) * share)] * run->ns_per_tick / ways;
}

static struct c2c_case parse_case(char *text)
{
    struct c2c_case asked = { .from = -1, .to = -1, .node = -1 };
    for (char *key, *value; case_next(&text, &key, &value);) {
        if (strcmp(key, "from") == 0)
            asked.from = (int)case_number(key, value, 0, SET_BITS - 1);
        else if (strcmp(key, "to") == 0)
            asked.to = (int)case_number(key, value, 0, SET_BITS - 1);
        else if (strcmp(key, "node") == 0)
            asked.node = (int)case_number(key, value, 0, NODES - 1);
        else
            fail(FAIL_USAGE, NULL, "A case of core-to-core has no key \"%s\".", key);
    }
    if (asked.from < 0 || asked.to < 0 || asked.node < 0 || asked.from == asked.to)
        fail(FAIL_USAGE, NULL, "A case of core-to-core names from=CPU, to=CPU, two different ones, and node=NODE.");
    return asked;
}

/* On which node the page lies; -1: the kernel does not tell, or nothing has touched it. */
static int node_of_page(void *page)
{
    int status = -1;
    return pages_where(1, &page, &status) == 0 && status >= 0 && status < NODES ? status : -1;
}

static void measure(const struct c2c_case *asked, int number, const struct region *region, enum sharing sharing, unsigned duration_ms)
{
    static struct c2c run;
    struct validity validity = { 0 };
    struct worker_thread side[2] = {
        { .prepare = sharing == PAGES_FRESH ? touch_page : NULL, .work = lead, .benchmark = &run, .cpu = asked->from, .uncounted = true },
        { .work = follow, .benchmark = &run, .cpu = asked->to, .uncounted = true },
    };
    run.page = region->base + asked->page * page_bytes();
    run.samples = 0;
    if (sharing == PAGES_REUSED)
        memset(run.page, 0, LINES * LINE_BYTES);
    else if (node_of_page(run.page) >= 0)
        invalidate(&validity, "the line's page had been touched before");
    team_run(side, 2, duration_ms);
    qsort(run.ticks, run.samples, sizeof run.ticks[0], ascending);

    int node = node_of_page(run.page);
    struct found found = { 0 }; /* one page of the base size; its size was not asked for */
    if (node >= 0) /* else no node is claimed */
        found.on_node[node] = 1;
    if (run.samples == 0)
        invalidate(&validity, "not one sample was completed in the measured time");
    if (region->want.spread == SPREAD_NODE && node >= 0 && node != asked->node)
        invalidate(&validity, "the line was asked for on node %d and lay on node %d", asked->node, node);
    worker_thread_judge(&side[0], "first thread", &validity);
    worker_thread_judge(&side[1], "second thread", &validity);

    struct slot slot[] = { { "producer", &side[0].seen }, { "consumer", &side[1].seen } };
    struct json *json = repetition_begin(&(struct repetition){
        .benchmark = "core-to-core",
        .metric = "ns",
        .number = number,
        .value = run.samples == 0 ? NAN : one_way(&run, 0.5),
        .decimals = 2,
        .seconds = worker_thread_seconds(&side[0]),
        .slot = slot,
        .slots = 2,
        .thread = side,
        .threads = 2,
        .found = &found,
        .validity = &validity,
    });
    json_key(json, "quartiles");
    json_open(json, '[');
    json_real(json, run.samples == 0 ? NAN : one_way(&run, 0.25), 2);
    json_real(json, run.samples == 0 ? NAN : one_way(&run, 0.75), 2);
    json_close(json, ']');
    json_key(json, "samples");
    json_count(json, run.samples);
    json_key(json, "page");
    json_text(json, sharing_name[sharing]);
    report_end();
}

static enum sharing parse_sharing(const char *text)
{
    for (enum sharing sharing = PAGES_FRESH; sharing <= PAGES_REUSED; sharing++)
        if (strcmp(text, sharing_name[sharing]) == 0)
            return sharing;
    fail(FAIL_USAGE, NULL, "--pages is fresh or reused, not \"%s\".", text);
}

void command_core_to_core(struct args *args)
{
    static struct c2c_case cases[CASES];
    static struct region region[NODES];
    static size_t pages[NODES];
    static struct cpuset cpus;
    int count = 0;
    uint64_t duration_ms = 4;
    enum sharing sharing = PAGES_FRESH;
    while (args->at < args->count) {
        if (args_is(args, "--duration-ms"))
            duration_ms = args_number(args, "--duration-ms", 1, DURATION_MS);
        else if (args_is(args, "--pages"))
            sharing = parse_sharing(args_value(args, "--pages"));
        else if (args_is(args, "--case") && count < CASES)
            cases[count++] = parse_case(args_value(args, "--case"));
        else
            args_unexpected(args, "core-to-core");
    }
    if (count == 0)
        fail(FAIL_USAGE, NULL, "core-to-core needs at least one --case.");
    for (int i = 0; i < count; i++) {
        set_add(&cpus, cases[i].from);
        set_add(&cpus, cases[i].to);
        if (sharing == PAGES_FRESH)
            cases[i].page = pages[cases[i].node]++;
        else
            pages[cases[i].node] = 1;
    }
    numa_check_cpus(&cpus);
    worker_is_expendable();
    /* Mapped once for all its pairs, for that takes longer than measuring one. Pages are given back at the end alone: the kernel would
     * hand out the same ones again. */
    for (int node = 0; node < NODES; node++) {
        if (pages[node] == 0)
            continue;
        struct want want = want_node(node);
        (sharing == PAGES_FRESH ? region_reserve : region_map)(&region[node], pages[node] * page_bytes(), pages_base(), &want);
    }
    for (int i = 0; i < count; i++)
        measure(&cases[i], i, &region[cases[i].node], sharing, (unsigned)duration_ms);
}
