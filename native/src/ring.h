/*
 * Owns: the single-producer single-consumer ring that is measured. Items are 8 bytes. The two indices lie `padding` bytes
 * apart, because that distance is one of the things measured; everything else a side needs is in its own handle, which
 * the other never touches. It allocates nothing: the caller gives memory of the right size on the right node.
 *
 * Invariants: tail and head only grow, and wrap in 2^64 items; head <= tail <= head + capacity; the slot of item i is
 * i mod capacity. A slot is written before its index is published (release) and read after (acquire).
 */
#ifndef AGENT_RING_H
#define AGENT_RING_H

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef _Atomic uint64_t ring_index;

/* Bytes. Memory begins with the indices; slots begin where no prefetcher that follows them reaches an index. */
enum { RING_ALIGN = 256, RING_PADDING_MOST = 256, RING_SLOTS_AT = 1024 };

static_assert(sizeof(ring_index) == 8 && ATOMIC_LLONG_LOCK_FREE == 2, "an index is one word that is written whole");
static_assert(RING_PADDING_MOST + 2 * RING_ALIGN <= RING_SLOTS_AT, "the slots keep clear of the widest pair of indices");
static_assert(RING_SLOTS_AT % RING_ALIGN == 0, "the slots begin on a line of their own");

struct ring {
    ring_index *tail; /* items published, written by the producer */
    ring_index *head; /* items given back, written by the consumer */
    uint64_t *slots;
    uint64_t capacity; /* a power of two */
};

struct ring_producer {
    struct ring ring;
    uint64_t next;      /* the item to be written */
    uint64_t published; /* what tail was last set to */
    uint64_t head_seen; /* head is read again only when this says full */
    uint64_t batch;     /* items published at once; at most the capacity */
};

struct ring_consumer {
    struct ring ring;
    uint64_t next;      /* the item to be read */
    uint64_t tail_seen; /* tail is read again only when this says empty */
    uint64_t returned;  /* what head was last set to */
    uint64_t lazy;      /* items that may be kept before their space is given back */
};

static inline size_t ring_bytes(uint64_t capacity)
{
    size_t bytes = RING_SLOTS_AT + (size_t)capacity * sizeof(uint64_t);
    return (bytes + RING_ALIGN - 1) / RING_ALIGN * RING_ALIGN;
}

/* `memory` is zeroed, ring_bytes(capacity) long and aligned to RING_ALIGN. Padding 0: the indices share a line. */
static inline struct ring ring_in(void *memory, uint64_t capacity, size_t padding)
{
    unsigned char *bytes = memory;
    size_t apart = padding == 0 ? sizeof(ring_index) : padding;
    return (struct ring){
        .tail = (ring_index *)(void *)bytes,
        .head = (ring_index *)(void *)(bytes + apart),
        .slots = (uint64_t *)(void *)(bytes + RING_SLOTS_AT),
        .capacity = capacity,
    };
}

static inline struct ring_producer ring_producer(struct ring ring, uint64_t batch)
{
    return (struct ring_producer){ .ring = ring, .batch = batch };
}

/* Space is given back when the consumer runs dry, or by eighths of the ring, so that the producer is not kept waiting. */
static inline struct ring_consumer ring_consumer(struct ring ring)
{
    return (struct ring_consumer){ .ring = ring, .lazy = ring.capacity < 8 ? 1 : ring.capacity / 8 };
}

/* How many items can be written now. 0: full, also after a fresh look at head. */
static inline uint64_t ring_room(struct ring_producer *p)
{
    if (p->next - p->head_seen == p->ring.capacity)
        p->head_seen = atomic_load_explicit(p->ring.head, memory_order_acquire);
    return p->ring.capacity - (p->next - p->head_seen);
}

static inline void ring_publish(struct ring_producer *p)
{
    p->published = p->next;
    atomic_store_explicit(p->ring.tail, p->next, memory_order_release);
}

/* Writes one item where ring_room said there is room; publishes when a batch is full. */
static inline void ring_put(struct ring_producer *p, uint64_t item)
{
    p->ring.slots[p->next & (p->ring.capacity - 1)] = item;
    if (++p->next - p->published >= p->batch)
        ring_publish(p);
}

static inline void ring_give_back(struct ring_consumer *c)
{
    c->returned = c->next;
    atomic_store_explicit(c->ring.head, c->next, memory_order_release);
}

/*
 * How many items can be read now. 0: empty, also after a fresh look at tail. Space is given back before that look: a
 * producer that waits for room with an unpublished rest of a batch would otherwise wait forever.
 */
static inline uint64_t ring_ready(struct ring_consumer *c)
{
    if (c->next == c->tail_seen) {
        if (c->returned != c->next)
            ring_give_back(c);
        c->tail_seen = atomic_load_explicit(c->ring.tail, memory_order_acquire);
    }
    return c->tail_seen - c->next;
}

/* Reads one item where ring_ready said there is one. */
static inline uint64_t ring_take(struct ring_consumer *c)
{
    uint64_t item = c->ring.slots[c->next & (c->ring.capacity - 1)];
    if (++c->next - c->returned >= c->lazy)
        ring_give_back(c);
    return item;
}

#endif
