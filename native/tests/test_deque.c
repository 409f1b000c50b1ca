/*
 * Owns: the check of src/pool_deque.h. One thread: order, full, empty, wrapping. An owner and three thieves: every item goes to one of
 * them and to no other, whatever is pushed, popped and stolen in between; run under ThreadSanitizer this is also the check of its memory
 * order. The number of items is the first argument; 10^7 in a long run.
 */
#include "check.h"
#include "pool_deque.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

enum { CAPACITY = 64, THIEVES = 3 };

static _Atomic(uint64_t) slots[CAPACITY];

static void alone(void)
{
    struct pool_deque deque;
    uint64_t item = 0;
    deque_init(&deque, slots, 8);
    CHECK(!deque_pop(&deque, &item) && deque_steal(&deque, &item) == STOLEN_NOTHING);
    for (uint64_t round = 0; round < 5; round++) { /* five times round the ring */
        for (uint64_t i = 0; i < 8; i++)
            CHECK(deque_push(&deque, i));
        CHECK(!deque_push(&deque, 8));
        CHECK(deque_steal(&deque, &item) == STOLEN_ITEM && item == 0);
        CHECK(deque_pop(&deque, &item) && item == 7);
        CHECK(deque_push(&deque, 8) && deque_push(&deque, 9) && !deque_push(&deque, 10));
        for (uint64_t i = 9; i >= 8; i--)
            CHECK(deque_pop(&deque, &item) && item == i);
        for (uint64_t i = 1; i < 7; i++)
            CHECK(deque_steal(&deque, &item) == STOLEN_ITEM && item == i);
        CHECK(deque_steal(&deque, &item) == STOLEN_NOTHING && !deque_pop(&deque, &item));
    }
    CHECK(deque_push(&deque, 5) && deque_pop(&deque, &item) && item == 5); /* the last one is not both's */
    CHECK(deque_steal(&deque, &item) == STOLEN_NOTHING);
}

static struct pool_deque shared;
static uint64_t items;
/* Taken so many times. */
static _Atomic(unsigned char) *taken;
static _Atomic(uint64_t) taken_count, stolen_count;

/* The payload of an item, which whoever takes it reads: plain memory that the deque has to publish. */
static uint64_t *payload;

static void take(uint64_t item)
{
    if (payload[item] != item * 3)
        failed = 1;
    atomic_fetch_add_explicit(&taken[item], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&taken_count, 1, memory_order_relaxed);
}

static void *thief(void *unused)
{
    uint64_t item;
    while (atomic_load_explicit(&taken_count, memory_order_relaxed) < items) {
        if (deque_steal(&shared, &item) == STOLEN_ITEM) {
            take(item);
            atomic_fetch_add_explicit(&stolen_count, 1, memory_order_relaxed);
        } else {
            sched_yield();
        }
    }
    return unused;
}

static void together(void)
{
    pthread_t thieves[THIEVES];
    uint64_t random = 1, next = 0, item;
    taken = calloc(items, sizeof *taken);
    payload = calloc(items, sizeof *payload);
    if (taken == NULL || payload == NULL)
        abort();
    deque_init(&shared, slots, CAPACITY);
    for (int i = 0; i < THIEVES; i++)
        CHECK(pthread_create(&thieves[i], NULL, thief, NULL) == 0);
    while (next < items || atomic_load_explicit(&taken_count, memory_order_relaxed) < items) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        /* Mostly few at once, so that owner and thieves meet at the last one. */
        for (uint64_t n = random >> 33 & 7; n > 0 && next < items; n--) {
            payload[next] = next * 3;
            if (!deque_push(&shared, next))
                break;
            next++;
        }
        for (uint64_t n = random >> 40 & 7; n > 0 && deque_pop(&shared, &item); n--)
            take(item);
        if (next == items || (random >> 48 & 63) == 0)
            sched_yield();
    }
    for (int i = 0; i < THIEVES; i++)
        pthread_join(thieves[i], NULL);
    for (uint64_t i = 0; i < items; i++)
        CHECK(taken[i] == 1);
    CHECK(atomic_load(&taken_count) == items);
    printf("  %llu items, %llu of them stolen\n", (unsigned long long)items, (unsigned long long)atomic_load(&stolen_count));
    free(taken);
    free(payload);
}

int main(int argc, char **argv)
{
    items = argc > 1 ? strtoull(argv[1], NULL, 10) : getenv("PINBOARD_LONG") != NULL ? 10000000 : 200000;
    alone();
    together();
    return failed;
}
