/* Owns: see pool_case.h. */
#include "pool_case.h"
#include "args.h"
#include "numa.h"
#include "pool.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_LEAST (UINT64_C(1) << 16)
#define SIZE_MOST (UINT64_C(1) << 37)

static const char *const touch_name[] = {
    [TOUCH_WORKER] = "worker", [TOUCH_MAIN] = "main", [TOUCH_INTERLEAVE] = "interleave", [TOUCH_BIND] = "bind", [TOUCH_REPLICATE] = "replicate",
};

static enum pool_touch parse_touch(const char *text)
{
    for (enum pool_touch touch = TOUCH_WORKER; touch <= TOUCH_REPLICATE; touch++)
        if (strcmp(text, touch_name[touch]) == 0)
            return touch;
    fail(FAIL_USAGE, NULL, "touch is worker, main, interleave, bind or replicate, not \"%s\".", text);
}

/* How many pieces between these characters. */
static int pieces(const char *text, char between)
{
    int count = 1;
    for (; *text != '\0'; text++)
        count += *text == between;
    return count;
}

/* One worker's list; `text` is cut into pieces. */
static int parse_victims(char *text, int worker, int workers, struct pool_victim *victims)
{
    static bool seen[POOL_WORKERS];
    int count = 0;
    uint8_t class = 0;
    memset(seen, 0, sizeof seen);
    for (char *rest = text, *one; (one = strtok_r(rest, "+", &rest)) != NULL;) {
        char *colon = strchr(one, ':');
        if (colon != NULL) {
            *colon = '\0';
            class = (uint8_t)case_number("a class", one, 0, POOL_CLASSES - 1);
            one = colon + 1;
        }
        int victim = (int)case_number("a victim", one, 0, (uint64_t)workers - 1);
        if (victim == worker || seen[victim])
            fail(FAIL_USAGE, NULL, "Worker %d cannot steal from worker %d%s.", worker, victim, victim == worker ? "" : " twice in turn");
        seen[victim] = true;
        victims[count++] = (struct pool_victim){ .worker = (uint16_t)victim, .class = class };
    }
    return count;
}

struct pool_order pool_order_parse(char *text)
{
    struct pool_order order = { .workers = pieces(text, '/') };
    if (order.workers > POOL_WORKERS)
        fail(FAIL_USAGE, NULL, "An order is of %d workers at most.", POOL_WORKERS);
    order.victim = calloc((size_t)order.workers, sizeof *order.victim);
    order.victims = calloc((size_t)order.workers, sizeof *order.victims);
    if (order.victim == NULL || order.victims == NULL)
        abort();
    for (int worker = 0; worker < order.workers; worker++) {
        char *end = strchr(text, '/');
        if (end != NULL)
            *end = '\0';
        order.victim[worker] = calloc((size_t)pieces(text, '+'), sizeof **order.victim);
        if (order.victim[worker] == NULL)
            abort();
        order.victims[worker] = parse_victims(text, worker, order.workers, order.victim[worker]);
        text = end == NULL ? text : end + 1;
    }
    return order;
}

static void parse_cpus(char *text, struct pool_case *asked)
{
    size_t most = (size_t)pieces(text, '+');
    struct cpuset set = { 0 };
    if (most > POOL_WORKERS)
        fail(FAIL_USAGE, NULL, "A pool has %d workers at most.", POOL_WORKERS);
    asked->workers = 0;
    asked->cpu = calloc(most, sizeof *asked->cpu);
    asked->node = calloc(most, sizeof *asked->node);
    asked->near = calloc(most, sizeof *asked->near);
    if (asked->cpu == NULL || asked->node == NULL || asked->near == NULL)
        abort();
    for (char *rest = text, *one; (one = strtok_r(rest, "+", &rest)) != NULL;) {
        int id = (int)case_number("cpu", one, 0, SET_BITS - 1);
        if (set_has(&set, id))
            fail(FAIL_USAGE, NULL, "cpu names %d twice.", id);
        set_add(&set, id);
        asked->cpu[asked->workers++] = id;
    }
    numa_check_cpus(&set);
    for (int i = 0; i < asked->workers; i++) {
        asked->node[i] = numa_node_of(asked->cpu[i]);
        asked->near[i] = numa_near(asked->cpu[i]);
    }
}

static void parse_nodes(char *text, struct cpuset *nodes)
{
    for (char *rest = text, *one; (one = strtok_r(rest, "+", &rest)) != NULL;) {
        int id = (int)case_number("node", one, 0, 1023);
        numa_check_node(id);
        set_add(nodes, id);
    }
}

/* Workers of two pools do not steal from each other: they do other work. */
static void check_order(const struct pool_case *asked)
{
    if (asked->order->workers != asked->workers)
        fail(FAIL_USAGE, NULL, "The order is of %d workers, and the case has %d.", asked->order->workers, asked->workers);
    for (int worker = 0; worker < asked->workers; worker++)
        for (int i = 0; i < asked->order->victims[worker]; i++)
            if ((worker < asked->first_pool) != (asked->order->victim[worker][i].worker < asked->first_pool))
                fail(FAIL_USAGE, NULL, "Worker %d cannot steal from worker %d, which is of the other pool.", worker, asked->order->victim[worker][i].worker);
}

static void check_memory(const struct pool_case *asked)
{
    struct pool pool = { .asked = asked };
    asked->load->plan(&pool);
    pool_memory_check(asked, 0, asked->workers, pool_arena_bytes(&pool), pool_arena_touch(asked), pool_arena_pages(asked));
    for (int store = 0; store < 2; store++) {
        if (pool.store_bytes[store] > 0)
            pool_memory_check(asked, pool_store_first(asked, store), pool_store_end(asked, store), pool.store_bytes[store], pool_store_touch(asked, store), pool_store_pages(asked, store));
    }
}

struct pool_case pool_case_parse(char *text, const struct pool_order *orders, int count)
{
    struct pool_case asked = { .bytes = (size_t)64 << 20, .pages = pages_base(), .touch = TOUCH_WORKER, .open = 8, .queue = POOL_OPEN, .walks = 1, .batches = 1 };
    const char *load = "", *pick = "listed";
    bool node = false;
    for (char *key, *value; case_next(&text, &key, &value);) {
        if (strcmp(key, "load") == 0)
            load = value;
        else if (strcmp(key, "cpu") == 0)
            parse_cpus(value, &asked);
        else if (strcmp(key, "first") == 0)
            asked.first_pool = (int)case_number(key, value, 1, POOL_WORKERS);
        else if (strcmp(key, "open") == 0)
            asked.open = (unsigned)case_number(key, value, 1, POOL_OPEN);
        else if (strcmp(key, "queue") == 0)
            asked.queue = (unsigned)case_number(key, value, 1, POOL_OPEN);
        else if (strcmp(key, "offered") == 0)
            asked.load_percent = (unsigned)case_number(key, value, 1, 1000);
        else if (strcmp(key, "walks") == 0)
            asked.walks = (unsigned)case_number(key, value, 1, 64);
        else if (strcmp(key, "batches") == 0)
            asked.batches = (unsigned)case_number(key, value, 1, 64);
        else if (strcmp(key, "order") == 0 && count > 0)
            asked.order = &orders[case_number(key, value, 0, (uint64_t)count - 1)];
        else if (strcmp(key, "pick") == 0)
            pick = value;
        else if (strcmp(key, "touch") == 0)
            asked.touch = parse_touch(value);
        else if (strcmp(key, "node") == 0 && (node = true))
            parse_nodes(value, &asked.nodes_asked);
        else if (strcmp(key, "pages") == 0)
            asked.pages = pages_parse(value);
        else if (strcmp(key, "size") == 0)
            asked.bytes = (size_t)case_number(key, value, SIZE_LEAST, SIZE_MOST);
        else
            fail(FAIL_USAGE, NULL, "A case of pool has no key \"%s\".", key);
    }
    asked.load = pool_load_named(load);
    asked.random = strcmp(pick, "random") == 0;
    if (!asked.random && strcmp(pick, "listed") != 0)
        fail(FAIL_USAGE, NULL, "pick is listed or random, not \"%s\".", pick);
    if (asked.workers == 0 || asked.order == NULL)
        fail(FAIL_USAGE, NULL, "A case of pool names cpu=CPU+… and order=N, of the orders given with --order.");
    if (asked.load->two_pools ? asked.first_pool < 1 || asked.first_pool >= asked.workers : asked.first_pool != 0)
        fail(FAIL_USAGE, NULL, "first=N, of fewer than all workers, belongs to the load dispatch, which has two pools, and to no other.");
    if (asked.load_percent > 0 && !asked.load->two_pools)
        fail(FAIL_USAGE, NULL, "offered=PERCENT belongs to the load dispatch, and to no other.");
    if (node != (asked.touch == TOUCH_BIND))
        fail(FAIL_USAGE, NULL, "node=NODE+… belongs to touch=bind, and to no other.");
    if (asked.touch == TOUCH_REPLICATE && !asked.load->stores)
        fail(FAIL_USAGE, NULL, "The load %s has nothing that is only read: it cannot be replicated.", asked.load->name);
    check_order(&asked);
    check_memory(&asked);
    return asked;
}
