/*
 * Owns: the check of include/numa_spsc.h. One thread: its bounds, its three ways to work, wrapping, strict and lazy space, its
 * memory and what it refuses. Two threads: every item arrives once and in order, for many shapes and ways mixed at random; run
 * under ThreadSanitizer this is also the check of its memory order.
 */
#include "numa_spsc.h"
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

static struct numa_spsc queue_of(const struct numa_spsc_options *options)
{
    void *memory = aligned_alloc(NUMA_SPSC_ALIGN, numa_spsc_bytes(options->capacity));
    if (memory == NULL)
        abort();
    memset(memory, 0, numa_spsc_bytes(options->capacity));
    return numa_spsc_in(memory, options);
}

static void batches(void)
{
    struct numa_spsc queue = queue_of(&(struct numa_spsc_options){ .capacity = 8, .padding = 128, .publish_every = 3 });
    struct numa_spsc_producer p = numa_spsc_producer_of(&queue);
    struct numa_spsc_consumer c = numa_spsc_consumer_of(&queue);
    CHECK((char *)queue.head - (char *)queue.tail == 128);
    CHECK(numa_spsc_room(&p) == 8 && numa_spsc_ready(&c) == 0);
    numa_spsc_put(&p, 10);
    numa_spsc_put(&p, 11);
    CHECK(numa_spsc_ready(&c) == 0); /* a batch is seen when it is whole */
    numa_spsc_put(&p, 12);
    CHECK(numa_spsc_ready(&c) == 3);
    while (numa_spsc_room(&p) > 0)
        numa_spsc_put(&p, p.next + 10);
    CHECK(p.next == 8 && numa_spsc_room(&p) == 0 && !numa_spsc_push(&p, 0));
    for (uint64_t i = 0; i < 6; i++)
        CHECK(numa_spsc_ready(&c) > 0 && numa_spsc_take(&c) == 10 + i);
    CHECK(numa_spsc_ready(&c) == 0); /* 6 and 7 wait for the ninth item, and there is room for it again */
    CHECK(numa_spsc_room(&p) == 6);
    numa_spsc_put(&p, 18);
    CHECK(numa_spsc_ready(&c) == 3 && numa_spsc_take(&c) == 16 && numa_spsc_take(&c) == 17 && numa_spsc_take(&c) == 18);
    free(queue.memory);
}

static void many(void)
{
    struct numa_spsc queue = queue_of(&(struct numa_spsc_options){ .capacity = 8, .padding = 64 });
    struct numa_spsc_producer p = numa_spsc_producer_of(&queue);
    struct numa_spsc_consumer c = numa_spsc_consumer_of(&queue);
    uint64_t in[12], out[12] = { 0 };
    for (uint64_t i = 0; i < 12; i++)
        in[i] = 100 + i;
    CHECK(numa_spsc_pop_many(&c, out, 12) == 0);
    CHECK(numa_spsc_push_many(&p, in, 5) == 5 && numa_spsc_pop_many(&c, out, 12) == 5 && out[4] == 104);
    CHECK(numa_spsc_push_many(&p, in, 0) == 0);
    CHECK(numa_spsc_push_many(&p, in, 12) == 8 && numa_spsc_push_many(&p, in, 1) == 0); /* over the ring's end */
    CHECK(numa_spsc_pop_many(&c, out, 3) == 3 && out[0] == 100 && out[2] == 102);
    CHECK(numa_spsc_pop_many(&c, out, 12) == 5 && out[0] == 103 && out[4] == 107);
    free(queue.memory);
}

/* What the producer may use after the consumer read one item of a full ring. */
static void space(void)
{
    for (int strict = 0; strict < 2; strict++) {
        struct numa_spsc_options options = { .capacity = 64, .padding = 64, .space = strict ? NUMA_SPSC_STRICT : NUMA_SPSC_LAZY };
        struct numa_spsc queue = queue_of(&options);
        struct numa_spsc_producer p = numa_spsc_producer_of(&queue);
        struct numa_spsc_consumer c = numa_spsc_consumer_of(&queue);
        uint64_t item;
        while (numa_spsc_push(&p, 7))
            ;
        CHECK(p.next == 64 && numa_spsc_pop(&c, &item) && item == 7);
        CHECK(numa_spsc_room(&p) == (strict ? 1 : 0));
        numa_spsc_give_back(&c);
        CHECK(numa_spsc_room(&p) == 1);
        free(queue.memory);
    }
}

static void memory(void)
{
    struct numa_spsc queue;
    char why[NUMA_SPSC_WHY] = "";
    struct numa_spsc_options options = { .capacity = 4096, .padding = 128, .node = NUMA_SPSC_FIRST_TOUCH };
    CHECK(numa_spsc_create(&queue, &options, why) == 0);
    struct numa_spsc_producer p = numa_spsc_producer_of(&queue);
    struct numa_spsc_consumer c = numa_spsc_consumer_of(&queue);
    uint64_t item = 0;
    CHECK(numa_spsc_push(&p, 42) && numa_spsc_pop(&c, &item) && item == 42);
    CHECK(queue.node >= 0 || queue.node == NUMA_SPSC_UNKNOWN || queue.node == NUMA_SPSC_SEVERAL);
    int node = queue.node;
    numa_spsc_destroy(&queue);
    if (node >= 0) { /* where the kernel tells, it also binds */
        options.node = node;
        options.pages = NUMA_SPSC_TRANSPARENT;
        CHECK(numa_spsc_create(&queue, &options, why) == 0 && queue.node == node && queue.bytes % (2 << 20) == 0);
        numa_spsc_destroy(&queue);
    }
    struct { struct numa_spsc_options options; const char *word; } refused[] = {
        { { .capacity = 1000, .padding = 64 }, "power of two" },
        { { .capacity = 1, .padding = 64 }, "power of two" },
        { { .capacity = 64, .padding = 32 }, "padding" },
        { { .capacity = 64, .padding = 64, .publish_every = 65 }, "publish_every" },
        { { .capacity = 64, .padding = 64, .node = 1024 }, "NUMA node" },
        { { .capacity = 64, .padding = 64, .node = 1023 }, "NUMA node" },
        { { .capacity = (uint64_t)1 << 40, .padding = 64, .node = NUMA_SPSC_FIRST_TOUCH }, "memory" },
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK(numa_spsc_create(&queue, &refused[i].options, why) != 0 && strstr(why, refused[i].word) != NULL);
}

static const struct numa_spsc_options shapes[] = {
    { .capacity = 2, .publish_every = 1, .padding = 128 },
    { .capacity = 2, .publish_every = 2, .padding = 0 },
    { .capacity = 4, .publish_every = 3, .padding = 64 },
    { .capacity = 8, .publish_every = 1, .padding = 64, .space = NUMA_SPSC_STRICT },
    { .capacity = 64, .publish_every = 1, .padding = 0 },
    { .capacity = 64, .publish_every = 64, .padding = 256 },
    { .capacity = 1024, .publish_every = 1, .padding = 64 },
    { .capacity = 4096, .publish_every = 32, .padding = 128 },
    { .capacity = 4096, .publish_every = 8, .padding = 128, .space = NUMA_SPSC_STRICT },
    { .capacity = 65536, .publish_every = 4096, .padding = 256 },
};
static uint64_t items;

enum { MOST = 48 };

/* Small steps of a linear congruence (Knuth's MMIX constants): which way to work next, and how many. */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void *produce(void *shared)
{
    const struct numa_spsc *queue = shared;
    struct numa_spsc_producer p = numa_spsc_producer_of(queue);
    uint64_t random = 1, batch[MOST];
    while (p.next < items) {
        uint64_t way = next_random(&random) % 3, n = next_random(&random) % MOST + 1, before = p.next;
        if (n > items - p.next)
            n = items - p.next;
        if (way == 0) {
            numa_spsc_push(&p, p.next * 3);
        } else if (way == 1) {
            for (uint64_t i = 0; i < n; i++)
                batch[i] = (p.next + i) * 3;
            numa_spsc_push_many(&p, batch, n);
        } else {
            uint64_t room = numa_spsc_room(&p);
            for (; n > 0 && room > 0; n--, room--)
                numa_spsc_put(&p, p.next * 3);
        }
        if (p.next == before)
            sched_yield();
    }
    numa_spsc_publish(&p); /* the rest of the last batch */
    return NULL;
}

static uint64_t consume(const struct numa_spsc *queue)
{
    struct numa_spsc_consumer c = numa_spsc_consumer_of(queue);
    uint64_t random = 2, wrong = 0, batch[MOST], item;
    while (c.next < items) {
        uint64_t way = next_random(&random) % 3, n = next_random(&random) % MOST + 1, at = c.next;
        if (way == 0) {
            if (numa_spsc_pop(&c, &item))
                wrong += item != at * 3;
        } else if (way == 1) {
            n = numa_spsc_pop_many(&c, batch, n);
            for (uint64_t i = 0; i < n; i++)
                wrong += batch[i] != (at + i) * 3;
        } else {
            for (uint64_t ready = numa_spsc_ready(&c); n > 0 && ready > 0; n--, ready--, at++)
                wrong += numa_spsc_take(&c) != at * 3;
        }
        if (c.next == at)
            sched_yield();
    }
    return wrong + (numa_spsc_ready(&c) != 0);
}

static void together(const struct numa_spsc_options *shape)
{
    struct numa_spsc queue = queue_of(shape);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, produce, &queue) == 0);
    CHECK(consume(&queue) == 0);
    pthread_join(thread, NULL);
    free(queue.memory);
}

int main(int argc, char **argv)
{
    items = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    batches();
    many();
    space();
    memory();
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        together(&shapes[i]);
    return failed;
}
