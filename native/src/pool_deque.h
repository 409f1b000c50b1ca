/*
 * Owns: the deque of one worker. Its owner pushes and pops at the bottom, anybody else steals at the top: the one that was put in
 * first, which in a tree of work is the largest piece.
 *
 * After D. Chase and Y. Lev, "Dynamic Circular Work-Stealing Deque" (SPAA 2005), with the memory order of N. M. Lê, A. Pop, A. Cohen
 * and F. Zappa Nardelli, "Correct and Efficient Work-Stealing for Weak Memory Models" (PPoPP 2013). Two things differ. The ring does
 * not grow: how much is in it at once is known beforehand, and push says when it is full. And where theirs has sequentially consistent
 * fences, the accesses on both sides of them are sequentially consistent themselves, for ThreadSanitizer knows no fences; x86 pays
 * the same for either.
 *
 * Invariant: top only grows; top <= bottom but for the moment in which the owner takes the last one; item i lies in slot i mod capacity.
 * That an item goes to one taker alone: the owner lowers the bottom before it looks at the top, a thief looks at the top before the
 * bottom, all in the one order of sequentially consistent accesses. So one of them sees the other, and where both want the last item
 * the exchange of the top decides.
 */
#ifndef AGENT_POOL_DEQUE_H
#define AGENT_POOL_DEQUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes between what thieves write and what the owner writes: a line, and the one that a prefetcher brings with it. */
enum { DEQUE_APART = 128 };

struct pool_deque {
    _Alignas(DEQUE_APART) _Atomic(int64_t) top;
    _Alignas(DEQUE_APART) _Atomic(int64_t) bottom;
    _Atomic(uint64_t) *slot;
    int64_t capacity; /* a power of two */
};

enum stolen { STOLEN_ITEM, STOLEN_NOTHING, STOLEN_LOST /* to another taker, which has it: there may be more */ };

static inline size_t deque_bytes(int64_t capacity)
{
    return (size_t)capacity * sizeof(_Atomic(uint64_t));
}

/* `slots`: deque_bytes(capacity). */
static inline void deque_init(struct pool_deque *deque, void *slots, int64_t capacity)
{
    deque->slot = slots;
    deque->capacity = capacity;
    atomic_store_explicit(&deque->top, 0, memory_order_relaxed);
    atomic_store_explicit(&deque->bottom, 0, memory_order_relaxed);
}

static inline _Atomic(uint64_t) *deque_slot(const struct pool_deque *deque, int64_t at)
{
    return &deque->slot[at & (deque->capacity - 1)];
}

/* By the owner. False: full. */
static inline bool deque_push(struct pool_deque *deque, uint64_t item)
{
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);
    if (bottom - atomic_load_explicit(&deque->top, memory_order_acquire) >= deque->capacity)
        return false;
    atomic_store_explicit(deque_slot(deque, bottom), item, memory_order_relaxed);
    atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_release);
    return true;
}

/* By the owner: the one that was pushed last. False: empty. */
static inline bool deque_pop(struct pool_deque *deque, uint64_t *item)
{
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed) - 1;
    /* Others only take away: what looks empty to its owner is. */
    if (bottom < atomic_load_explicit(&deque->top, memory_order_relaxed))
        return false;
    atomic_store_explicit(&deque->bottom, bottom, memory_order_seq_cst);
    int64_t top = atomic_load_explicit(&deque->top, memory_order_seq_cst);
    *item = atomic_load_explicit(deque_slot(deque, bottom), memory_order_relaxed);
    if (top < bottom)
        return true;
    bool own = top == bottom && atomic_compare_exchange_strong_explicit(&deque->top, &top, top + 1, memory_order_seq_cst, memory_order_relaxed);
    atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_relaxed);
    return own;
}

/* By anybody else: the one that was pushed first. */
static inline enum stolen deque_steal(struct pool_deque *deque, uint64_t *item)
{
    int64_t top = atomic_load_explicit(&deque->top, memory_order_seq_cst);
    int64_t bottom = atomic_load_explicit(&deque->bottom, memory_order_seq_cst);
    if (top >= bottom)
        return STOLEN_NOTHING;
    *item = atomic_load_explicit(deque_slot(deque, top), memory_order_relaxed);
    return atomic_compare_exchange_strong_explicit(&deque->top, &top, top + 1, memory_order_seq_cst, memory_order_relaxed) ? STOLEN_ITEM : STOLEN_LOST;
}

#endif
