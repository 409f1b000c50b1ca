/*
 * numa_spsc.h: a queue from one producer thread to one consumer thread, whose memory lies where you say.
 *
 * One header, C11 (with _GNU_SOURCE, or -std=gnu11) and Linux, nothing to link. MIT licence, part of NUMA Pinboard; take it along.
 *
 *     struct numa_spsc queue;
 *     char why[NUMA_SPSC_WHY];
 *     struct numa_spsc_options options = { .capacity = 4096, .padding = 128, .node = 1 };
 *     if (numa_spsc_create(&queue, &options, why) != 0)
 *         die(why);
 *     // in the producer's thread
 *     struct numa_spsc_producer p = numa_spsc_producer_of(&queue);
 *     while (!numa_spsc_push(&p, item)) wait();
 *     // in the consumer's thread
 *     struct numa_spsc_consumer c = numa_spsc_consumer_of(&queue);
 *     while (!numa_spsc_pop(&c, &item)) wait();
 *
 * An item is 8 bytes: a number, or a pointer. Each side works through a handle of its own that the other never touches. Make it
 * in the function of the loop, as a local variable, and the compiler keeps it in registers ("loop-local"); a copy of a handle
 * that lies in memory may stay there. There are three ways to work, and they mix: push and pop move one item; push_many and
 * pop_many move up to n; room + put and ready + take ask once and then move without a check.
 *
 * Invariants: tail and head only grow, and wrap in 2^64 items; head <= tail <= head + capacity; the slot of item i is
 * i mod capacity. A slot is written before its index is published (release), and read after it was seen (acquire).
 */
#ifndef NUMA_SPSC_H
#define NUMA_SPSC_H

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef _Atomic(uint64_t) numa_spsc_index; /* this form is also C++23 */

/* Bytes. Memory begins with the indices; slots begin where no prefetcher that follows the indices reaches them. */
enum { NUMA_SPSC_ALIGN = 256, NUMA_SPSC_PADDING_MOST = 256, NUMA_SPSC_SLOTS_AT = 1024 };
/* Bytes that numa_spsc_create may write its reason to. */
enum { NUMA_SPSC_WHY = 256 };

/*
 * Steps that a consumer waits before it looks at an empty queue again, when its last look found more than one item: a stream
 * of items then comes in runs, and the index's line moves between the CPUs once a run instead of once an item (measured:
 * docs/BENCHMARKS.md of NUMA Pinboard). An item that comes alone, as in a round trip, never waits. 0 switches it off.
 */
#ifndef NUMA_SPSC_PATIENCE
#define NUMA_SPSC_PATIENCE 16
#endif

static_assert(sizeof(numa_spsc_index) == 8 && ATOMIC_LLONG_LOCK_FREE == 2, "an index is one word that is written whole");
static_assert(NUMA_SPSC_PADDING_MOST + 2 * NUMA_SPSC_ALIGN <= NUMA_SPSC_SLOTS_AT, "slots keep clear of the widest pair of indices");
static_assert(NUMA_SPSC_SLOTS_AT % NUMA_SPSC_ALIGN == 0, "slots begin on a line of their own");

/* SMALL is the kernel's own page size. The reserved sizes need pages of the kernel's pool on the node. */
enum numa_spsc_pages { NUMA_SPSC_SMALL, NUMA_SPSC_TRANSPARENT, NUMA_SPSC_2M, NUMA_SPSC_1G };

/*
 * In place of a node. Asked for, FIRST_TOUCH: each page comes to lie on the node of the thread that calls numa_spsc_create.
 * Seen, UNKNOWN: the kernel does not tell (a container may forbid move_pages); SEVERAL: the pages lie on more than one.
 */
enum { NUMA_SPSC_FIRST_TOUCH = -1, NUMA_SPSC_UNKNOWN = -1, NUMA_SPSC_SEVERAL = -2 };

/*
 * LAZY: the consumer gives space back by eighths of the ring, or when it runs dry, which spares the producer's cache line; the
 * producer may see up to an eighth less room than there is. STRICT: after every item, as a bounded queue with an exact bound wants.
 */
enum numa_spsc_space { NUMA_SPSC_LAZY, NUMA_SPSC_STRICT };

struct numa_spsc_options {
    uint64_t capacity; /* items: a power of two, 2 at least */
    unsigned padding;  /* bytes between the two indices: 0 (one line), 64, 128 or 256 */
    int node;          /* of all its memory, or NUMA_SPSC_FIRST_TOUCH */
    enum numa_spsc_pages pages;
    enum numa_spsc_space space;
    uint64_t publish_every; /* items that are shown to the consumer at once, at most the capacity; 0 is 1 */
};

struct numa_spsc {
    numa_spsc_index *tail; /* items published, written by the producer */
    numa_spsc_index *head; /* items given back, written by the consumer */
    uint64_t *slots;
    uint64_t capacity;
    uint64_t publish_every;
    uint64_t keep; /* items whose space the consumer may keep */
    void *memory;  /* of numa_spsc_create; else the caller's */
    size_t bytes;
    int node; /* that every page was seen on by numa_spsc_create; else NUMA_SPSC_UNKNOWN or NUMA_SPSC_SEVERAL */
};

struct numa_spsc_producer {
    numa_spsc_index *tail, *head;
    uint64_t *slots;
    uint64_t capacity;
    uint64_t next;      /* the item to be written */
    uint64_t published; /* what tail was last set to */
    uint64_t head_seen; /* head is read again only when this says full */
    uint64_t publish_every;
};

struct numa_spsc_consumer {
    numa_spsc_index *tail, *head;
    uint64_t *slots;
    uint64_t capacity;
    uint64_t next;      /* the item to be read */
    uint64_t tail_seen; /* tail is read again only when this says empty */
    uint64_t found;     /* items that the last look at tail found */
    uint64_t returned;  /* what head was last set to */
    uint64_t keep;
};

/* ---- Memory of your own -------------------------------------------------------------------------------------------------- */

/* Bytes that a queue of this capacity takes. */
static inline size_t numa_spsc_bytes(uint64_t capacity)
{
    size_t bytes = NUMA_SPSC_SLOTS_AT + (size_t)capacity * sizeof(uint64_t);
    return (bytes + NUMA_SPSC_ALIGN - 1) / NUMA_SPSC_ALIGN * NUMA_SPSC_ALIGN;
}

/* A queue in `memory`: zeroed, numa_spsc_bytes(capacity) long, aligned to NUMA_SPSC_ALIGN. `options` are not checked. */
static inline struct numa_spsc numa_spsc_in(void *memory, const struct numa_spsc_options *options)
{
    unsigned char *bytes = (unsigned char *)memory;
    size_t apart = options->padding == 0 ? sizeof(numa_spsc_index) : options->padding;
    struct numa_spsc queue;
    queue.tail = (numa_spsc_index *)(void *)bytes;
    queue.head = (numa_spsc_index *)(void *)(bytes + apart);
    queue.slots = (uint64_t *)(void *)(bytes + NUMA_SPSC_SLOTS_AT);
    queue.capacity = options->capacity;
    queue.publish_every = options->publish_every == 0 ? 1 : options->publish_every;
    queue.keep = options->space == NUMA_SPSC_STRICT || options->capacity < 8 ? 1 : options->capacity / 8;
    queue.memory = memory;
    queue.bytes = numa_spsc_bytes(options->capacity);
    queue.node = NUMA_SPSC_UNKNOWN;
    return queue;
}

/* The producer's handle: one a queue, made before it is used, by either thread. */
static inline struct numa_spsc_producer numa_spsc_producer_of(const struct numa_spsc *queue)
{
    struct numa_spsc_producer p = { queue->tail, queue->head, queue->slots, queue->capacity, 0, 0, 0, queue->publish_every };
    return p;
}

/* The consumer's handle: likewise. */
static inline struct numa_spsc_consumer numa_spsc_consumer_of(const struct numa_spsc *queue)
{
    struct numa_spsc_consumer c = { queue->tail, queue->head, queue->slots, queue->capacity, 0, 0, 0, 0, queue->keep };
    return c;
}

/* ---- The producer -------------------------------------------------------------------------------------------------------- */

/* How many items can be written now. 0: full, also after a fresh look at head. */
static inline uint64_t numa_spsc_room(struct numa_spsc_producer *p)
{
    if (p->next - p->head_seen == p->capacity)
        p->head_seen = atomic_load_explicit(p->head, memory_order_acquire);
    return p->capacity - (p->next - p->head_seen);
}

/* Shows the consumer all that was written. Needed by hand only for the rest of a publish_every. */
static inline void numa_spsc_publish(struct numa_spsc_producer *p)
{
    p->published = p->next;
    atomic_store_explicit(p->tail, p->next, memory_order_release);
}

/* Writes one item where numa_spsc_room said there is room. */
static inline void numa_spsc_put(struct numa_spsc_producer *p, uint64_t item)
{
    p->slots[p->next & (p->capacity - 1)] = item;
    if (++p->next - p->published >= p->publish_every)
        numa_spsc_publish(p);
}

/* False: full. */
static inline bool numa_spsc_push(struct numa_spsc_producer *p, uint64_t item)
{
    if (numa_spsc_room(p) == 0)
        return false;
    numa_spsc_put(p, item);
    return true;
}

/* Writes as many of n as there is room for, and publishes them at once. Returns how many. */
static inline uint64_t numa_spsc_push_many(struct numa_spsc_producer *p, const uint64_t *items, uint64_t n)
{
    if (p->capacity - (p->next - p->head_seen) < n)
        p->head_seen = atomic_load_explicit(p->head, memory_order_acquire);
    uint64_t room = p->capacity - (p->next - p->head_seen);
    if (room < n)
        n = room;
    if (n == 0)
        return 0;
    uint64_t at = p->next & (p->capacity - 1), first = p->capacity - at < n ? p->capacity - at : n;
    memcpy(p->slots + at, items, first * sizeof *items);
    memcpy(p->slots, items + first, (n - first) * sizeof *items);
    p->next += n;
    numa_spsc_publish(p);
    return n;
}

/* ---- The consumer -------------------------------------------------------------------------------------------------------- */

/* Gives all space back that was read. Needed by hand only by a consumer that stops reading for long. */
static inline void numa_spsc_give_back(struct numa_spsc_consumer *c)
{
    c->returned = c->next;
    atomic_store_explicit(c->head, c->next, memory_order_release);
}

/* One step of a wait: tells the CPU to leave its resources to others. */
static inline void numa_spsc_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory"); /* yield ends at once where there is no SMT */
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
}

/*
 * How many items can be read now. 0: empty, also after a fresh look at tail. Space is given back before that look: a
 * producer that waits for room with an unpublished rest would otherwise wait forever.
 */
static inline uint64_t numa_spsc_ready(struct numa_spsc_consumer *c)
{
    if (c->next == c->tail_seen) {
        if (c->returned != c->next)
            numa_spsc_give_back(c);
        for (unsigned step = c->found > 1 ? NUMA_SPSC_PATIENCE : 0; step > 0; step--)
            numa_spsc_relax();
        c->tail_seen = atomic_load_explicit(c->tail, memory_order_acquire);
        c->found = c->tail_seen - c->next;
    }
    return c->tail_seen - c->next;
}

/* Reads one item where numa_spsc_ready said there is one. */
static inline uint64_t numa_spsc_take(struct numa_spsc_consumer *c)
{
    uint64_t item = c->slots[c->next & (c->capacity - 1)];
    if (++c->next - c->returned >= c->keep)
        numa_spsc_give_back(c);
    return item;
}

/* False: empty. */
static inline bool numa_spsc_pop(struct numa_spsc_consumer *c, uint64_t *item)
{
    if (numa_spsc_ready(c) == 0)
        return false;
    *item = numa_spsc_take(c);
    return true;
}

/* Reads as many of n as there are. Returns how many. */
static inline uint64_t numa_spsc_pop_many(struct numa_spsc_consumer *c, uint64_t *items, uint64_t n)
{
    uint64_t ready = numa_spsc_ready(c);
    if (ready < n)
        n = ready;
    if (n == 0)
        return 0;
    uint64_t at = c->next & (c->capacity - 1), first = c->capacity - at < n ? c->capacity - at : n;
    memcpy(items, c->slots + at, first * sizeof *items);
    memcpy(items + first, c->slots, (n - first) * sizeof *items);
    c->next += n;
    if (c->next - c->returned >= c->keep)
        numa_spsc_give_back(c);
    return n;
}

/* ---- Memory on a node ---------------------------------------------------------------------------------------------------- */

/* Numbers of the kernel's interface (uapi/linux/mempolicy.h, asm-generic/mman-common.h, hugetlb_encode.h), which old headers lack. */
enum { NUMA_SPSC_MPOL_BIND = 2, NUMA_SPSC_POPULATE_WRITE = 23, NUMA_SPSC_HUGE_SHIFT = 26, NUMA_SPSC_NODES = 1024 };

static inline int numa_spsc_fail(char *why, int error, const char *what)
{
    snprintf(why, NUMA_SPSC_WHY, "%s: %s", what, strerror(error));
    return error;
}

/* Whether the options can be: 0, or EINVAL with the reason. */
static inline int numa_spsc_check(const struct numa_spsc_options *options, char why[NUMA_SPSC_WHY])
{
    unsigned padding = options->padding;
    uint64_t capacity = options->capacity;
    if (capacity < 2 || (capacity & (capacity - 1)) != 0 || capacity > UINT64_C(1) << 40)
        return numa_spsc_fail(why, EINVAL, "the capacity is a power of two, from 2 to 2^40");
    if (padding != 0 && padding != 64 && padding != 128 && padding != 256)
        return numa_spsc_fail(why, EINVAL, "the padding is 0, 64, 128 or 256 bytes");
    if (options->publish_every > capacity)
        return numa_spsc_fail(why, EINVAL, "publish_every is more than the capacity: the consumer would never see an item");
    if (options->node >= NUMA_SPSC_NODES || options->node < NUMA_SPSC_FIRST_TOUCH)
        return numa_spsc_fail(why, EINVAL, "there is no such NUMA node");
    return 0;
}

/* The node that every page lies on, asked of the kernel (move_pages with no target moves nothing); or UNKNOWN, or SEVERAL. */
static inline int numa_spsc_where(const struct numa_spsc *queue)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    int node = NUMA_SPSC_UNKNOWN;
    for (size_t at = 0; at < queue->bytes; at += page) {
        void *address = (unsigned char *)queue->memory + at;
        int here = -1;
        if (syscall(SYS_move_pages, 0, 1UL, &address, NULL, &here, 0) != 0 || here < 0)
            return NUMA_SPSC_UNKNOWN;
        if (at > 0 && here != node)
            return NUMA_SPSC_SEVERAL;
        node = here;
    }
    return node;
}

/* Gives the memory back. Both threads have ended their work with the queue. */
static inline void numa_spsc_destroy(struct numa_spsc *queue)
{
    munmap(queue->memory, queue->bytes);
    memset(queue, 0, sizeof *queue);
}

/*
 * Makes a queue: maps its memory, binds it to the node, brings in every page, and checks where each came to lie. 0, or an errno
 * with the reason in `why`, and nothing is left mapped: EINVAL (an option), ENOMEM (no memory or no huge pages there), EPERM
 * (forbidden by a cpuset or a container), EXDEV (a page lies elsewhere all the same).
 */
static inline int numa_spsc_create(struct numa_spsc *queue, const struct numa_spsc_options *options, char why[NUMA_SPSC_WHY])
{
    int error = numa_spsc_check(options, why);
    if (error != 0)
        return error;
    int reserved = options->pages == NUMA_SPSC_2M ? 21 : options->pages == NUMA_SPSC_1G ? 30 : 0;
    size_t unit = reserved != 0                               ? (size_t)1 << reserved
                  : options->pages == NUMA_SPSC_TRANSPARENT ? (size_t)2 << 20
                                                            : (size_t)sysconf(_SC_PAGESIZE);
    size_t bytes = (numa_spsc_bytes(options->capacity) + unit - 1) / unit * unit;
    /* One unit more, for a start at a whole unit: transparent huge pages need that, and reserved ones have it anyway. */
    size_t slack = options->pages == NUMA_SPSC_TRANSPARENT ? unit : 0;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (reserved != 0 ? MAP_HUGETLB | reserved << NUMA_SPSC_HUGE_SHIFT : 0);
    unsigned char *base = (unsigned char *)mmap(NULL, bytes + slack, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (base == MAP_FAILED)
        return numa_spsc_fail(why, errno, reserved != 0 ? "no huge pages of this size are reserved and free" : "no memory");
    if (slack != 0) {
        size_t before = (unit - (uintptr_t)base % unit) % unit;
        if (before > 0)
            munmap(base, before);
        if (slack > before)
            munmap(base + before + bytes, slack - before);
        base += before;
    }
    if (reserved == 0) /* on a kernel without transparent huge pages the advice fails, and says nothing new */
        madvise(base, bytes, options->pages == NUMA_SPSC_TRANSPARENT ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    if (options->node >= 0) {
        unsigned long mask[NUMA_SPSC_NODES / (8 * sizeof(unsigned long))] = { 0 };
        size_t bits = 8 * sizeof *mask, node = (size_t)options->node;
        mask[node / bits] = 1UL << node % bits;
        /* The kernel takes one bit less than it is told of. */
        if (syscall(SYS_mbind, base, bytes, NUMA_SPSC_MPOL_BIND, mask, NUMA_SPSC_NODES + 1UL, 0U) != 0)
            error = numa_spsc_fail(why, errno, "the memory cannot be bound to this NUMA node (mbind)");
    }
    /* Brought in at once: a lack is an error here (Linux 5.14), not a SIGBUS while the queue runs. */
    if (error == 0 && madvise(base, bytes, NUMA_SPSC_POPULATE_WRITE) != 0 && errno != EINVAL)
        error = numa_spsc_fail(why, errno, "the memory cannot be brought in on this NUMA node");
    if (error == 0) {
        memset(base, 0, bytes);
        *queue = numa_spsc_in(base, options);
        queue->bytes = bytes;
        queue->node = numa_spsc_where(queue);
        if (options->node >= 0 && queue->node != options->node && queue->node != NUMA_SPSC_UNKNOWN)
            error = numa_spsc_fail(why, EXDEV, "not all of the memory lies on the NUMA node asked for");
    }
    if (error != 0)
        munmap(base, bytes);
    return error;
}

#endif
