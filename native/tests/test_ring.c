/*
 * Owns: the check of the ring. One thread: its bounds, its batches, wrapping. Two threads: every item arrives once and in
 * order for each shape of it; run under ThreadSanitizer this is also the check of its memory order.
 */
#include "check.h"
#include "ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

static void *memory_for(uint64_t capacity)
{
    void *memory = aligned_alloc(RING_ALIGN, ring_bytes(capacity));
    if (memory == NULL)
        abort();
    memset(memory, 0, ring_bytes(capacity));
    return memory;
}

static void alone(void)
{
    void *memory = memory_for(8);
    struct ring ring = ring_in(memory, 8, 128);
    struct ring_producer p = ring_producer(ring, 3);
    struct ring_consumer c = ring_consumer(ring);
    CHECK((char *)ring.head - (char *)ring.tail == 128);
    CHECK(ring_room(&p) == 8 && ring_ready(&c) == 0);
    ring_put(&p, 10);
    ring_put(&p, 11);
    CHECK(ring_ready(&c) == 0); /* a batch is seen when it is whole */
    ring_put(&p, 12);
    CHECK(ring_ready(&c) == 3);
    while (ring_room(&p) > 0)
        ring_put(&p, p.next + 10);
    CHECK(p.next == 8 && ring_room(&p) == 0);
    for (uint64_t i = 0; i < 6; i++)
        CHECK(ring_ready(&c) > 0 && ring_take(&c) == 10 + i);
    CHECK(ring_ready(&c) == 0); /* 6 and 7 wait for the ninth item, and there is room for it again */
    CHECK(ring_room(&p) == 6);
    ring_put(&p, 18);
    CHECK(ring_ready(&c) == 3 && ring_take(&c) == 16 && ring_take(&c) == 17 && ring_take(&c) == 18);
    free(memory);
}

struct shape {
    uint64_t capacity, batch;
    size_t padding;
};

static const struct shape shapes[] = {
    { 2, 1, 128 }, { 2, 2, 0 }, { 4, 3, 64 }, { 64, 1, 0 }, { 64, 64, 256 }, { 1024, 1, 64 }, { 4096, 1, 128 }, { 4096, 32, 128 }, { 65536, 4096, 256 },
};
static uint64_t items;
static struct ring shared;
static uint64_t shared_batch;

static void *produce(void *nothing)
{
    struct ring_producer p = ring_producer(shared, shared_batch);
    while (p.next < items)
        if (ring_room(&p) > 0)
            ring_put(&p, p.next * 3);
        else
            sched_yield();
    ring_publish(&p); /* the rest of the last batch */
    return nothing;
}

static void together(const struct shape *shape)
{
    void *memory = memory_for(shape->capacity);
    pthread_t thread;
    uint64_t wrong = 0;
    shared = ring_in(memory, shape->capacity, shape->padding);
    shared_batch = shape->batch;
    struct ring_consumer c = ring_consumer(shared);
    CHECK(pthread_create(&thread, NULL, produce, NULL) == 0);
    while (c.next < items) {
        if (ring_ready(&c) == 0) {
            sched_yield();
            continue;
        }
        uint64_t expected = c.next * 3;
        wrong += ring_take(&c) != expected;
    }
    pthread_join(thread, NULL);
    CHECK(wrong == 0);
    CHECK(ring_ready(&c) == 0);
    free(memory);
}

int main(int argc, char **argv)
{
    items = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    alone();
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        together(&shapes[i]);
    return failed;
}
