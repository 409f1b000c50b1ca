// Owns: one shape for every queue that is compared: made with a capacity, push and pop one item, or up to n where the library
// has a call for it. Each side has a handle; what a library keeps for both sides in one object is shared behind two handles.
#pragma once
#define _GNU_SOURCE 1
#include "numa_spsc.h"

#include <atomic_queue/atomic_queue.h>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstdlib>
#include <memory>
#include <readerwriterqueue.h>
#include <rte_ring.h>
#include <stdexcept>

using item = std::uint64_t;
constexpr std::size_t LINE = 128; // two lines: the one beside is fetched with it

inline numa_spsc ours(std::size_t capacity, std::size_t publish_every)
{
    numa_spsc_options options{};
    options.capacity = capacity;
    options.padding = 128;
    options.node = NUMA_SPSC_FIRST_TOUCH;
    options.publish_every = publish_every;
    numa_spsc queue;
    char why[NUMA_SPSC_WHY];
    if (numa_spsc_create(&queue, &options, why) != 0)
        throw std::runtime_error(why);
    return queue;
}

// The library's calls, through a handle that lies in memory as a member of somebody's object does.
template <std::size_t PublishEvery = 1> struct Ours {
    static constexpr bool many = true;
    numa_spsc queue;
    alignas(LINE) numa_spsc_producer p;
    alignas(LINE) numa_spsc_consumer c;
    explicit Ours(std::size_t capacity) : queue(ours(capacity, PublishEvery)), p(numa_spsc_producer_of(&queue)), c(numa_spsc_consumer_of(&queue)) {}
    ~Ours() { numa_spsc_destroy(&queue); }
    bool push(item value) { return numa_spsc_push(&p, value); }
    bool pop(item &value) { return numa_spsc_pop(&c, &value); }
    std::size_t push_many(const item *values, std::size_t n) { return numa_spsc_push_many(&p, values, n); }
    std::size_t pop_many(item *values, std::size_t n) { return numa_spsc_pop_many(&c, values, n); }
};

struct Moodycamel {
    static constexpr bool many = false;
    moodycamel::ReaderWriterQueue<item> queue;
    explicit Moodycamel(std::size_t capacity) : queue(capacity) {}
    bool push(item value) { return queue.try_enqueue(value); }
    bool pop(item &value) { return queue.try_dequeue(value); }
};

struct Boost {
    static constexpr bool many = true;
    boost::lockfree::spsc_queue<item> queue;
    explicit Boost(std::size_t capacity) : queue(capacity) {}
    bool push(item value) { return queue.push(value); }
    bool pop(item &value) { return queue.pop(value); }
    std::size_t push_many(const item *values, std::size_t n) { return queue.push(values, n); }
    std::size_t pop_many(item *values, std::size_t n) { return queue.pop(values, n); }
};

// Its element is free when it is zero, so that items are sent one higher.
struct AtomicQueue {
    static constexpr bool many = false;
    using Queue = atomic_queue::AtomicQueueB<item, std::allocator<item>, item{}, true, false, true>;
    Queue queue;
    explicit AtomicQueue(std::size_t capacity) : queue(static_cast<unsigned>(capacity)) {}
    bool push(item value) { return queue.try_push(value + 1); }
    bool pop(item &value)
    {
        if (!queue.try_pop(value))
            return false;
        --value;
        return true;
    }
};

struct Dpdk {
    static constexpr bool many = true;
    rte_ring *ring;
    explicit Dpdk(std::size_t capacity)
    {
        // One slot of it stays empty.
        auto size = static_cast<unsigned>(capacity);
        ring = static_cast<rte_ring *>(std::aligned_alloc(4096, (rte_ring_get_memsize(size) + 4095) / 4096 * 4096));
        if (ring == nullptr || rte_ring_init(ring, "peer", size, RING_F_SP_ENQ | RING_F_SC_DEQ) != 0)
            throw std::runtime_error("rte_ring_init");
    }
    ~Dpdk() { std::free(ring); }
    bool push(item value) { return rte_ring_sp_enqueue(ring, reinterpret_cast<void *>(value)) == 0; }
    bool pop(item &value) { return rte_ring_sc_dequeue(ring, reinterpret_cast<void **>(&value)) == 0; }
    std::size_t push_many(const item *values, std::size_t n)
    {
        return rte_ring_sp_enqueue_burst(ring, reinterpret_cast<void *const *>(values), static_cast<unsigned>(n), nullptr);
    }
    std::size_t pop_many(item *values, std::size_t n)
    {
        return rte_ring_sc_dequeue_burst(ring, reinterpret_cast<void **>(values), static_cast<unsigned>(n), nullptr);
    }
};
