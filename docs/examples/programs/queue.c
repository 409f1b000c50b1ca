/*
 * A queue of your own, as the guide for queue authors runs it: a ring between two threads that are called "producer" and
 * "consumer", so that `run --pin producer=0 --pin consumer=8` finds them. Prints its rate a tenth of a second, as JSON lines.
 *
 *   cc -O2 -pthread -o queue queue.c && ./queue 2
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CAPACITY = 4096 };

static struct {
    _Alignas(128) _Atomic uint64_t head; /* the consumer's */
    _Alignas(128) _Atomic uint64_t tail; /* the producer's */
    _Alignas(128) uint64_t items[CAPACITY];
    _Atomic int stop;
} ring;

static void *produce(void *nothing)
{
    for (uint64_t tail = 0; !ring.stop;) {
        if (tail - atomic_load_explicit(&ring.head, memory_order_acquire) == CAPACITY)
            continue;
        ring.items[tail % CAPACITY] = tail;
        atomic_store_explicit(&ring.tail, ++tail, memory_order_release);
    }
    return nothing;
}

static void *consume(void *nothing)
{
    for (uint64_t head = 0; !ring.stop;) {
        if (atomic_load_explicit(&ring.tail, memory_order_acquire) == head)
            continue;
        if (ring.items[head % CAPACITY] != head)
            abort();
        atomic_store_explicit(&ring.head, ++head, memory_order_release);
    }
    return nothing;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int count, char **words)
{
    double end = now() + (count > 1 ? atof(words[1]) : 2), before = now();
    pthread_t producer, consumer;
    pthread_create(&producer, NULL, produce, NULL);
    pthread_create(&consumer, NULL, consume, NULL);
    pthread_setname_np(producer, "producer");
    pthread_setname_np(consumer, "consumer");
    for (uint64_t seen = 0; before < end;) {
        nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
        uint64_t items = ring.head;
        double time = now();
        printf("{\"metric\": \"items/s\", \"value\": %.0f}\n", (double)(items - seen) / (time - before));
        fflush(stdout);
        seen = items;
        before = time;
    }
    ring.stop = 1;
    pthread_join(producer, NULL);
    pthread_join(consumer, NULL);
    return 0;
}
