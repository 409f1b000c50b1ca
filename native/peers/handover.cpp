// Owns: requests handed over from one thread to another and back, as the agent's load `dispatch` does it, through its queue and through
// others: `handover QUEUE UNDER_WAY CPU+CPU MS`. Only a pointer crosses; what it points to is written on the other side, and its result is
// looked at. Prints requests a second. `handover malloc|scalable_malloc 0 CPU MS`: ns for 64 bytes of a job, as its load `tiny` asks for them.
#include "../src/pool_jobs.h"
#include "numa_spsc.h"
#include "pinned.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <readerwriterqueue.h>
#include <stdexcept>
#include <tbb/concurrent_queue.h>
#include <tbb/scalable_allocator.h>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t ROOM = 64; // POOL_OPEN
constexpr unsigned PATIENCE = 64, LOOK_EVERY = 512;

struct alignas(64) Request {
    std::uint64_t id, result;
};

struct Ours {
    numa_spsc queue;
    alignas(128) numa_spsc_producer to;
    alignas(128) numa_spsc_consumer from;
    Ours()
    {
        numa_spsc_options options{};
        options.capacity = ROOM;
        options.padding = 128;
        options.node = NUMA_SPSC_FIRST_TOUCH;
        options.space = NUMA_SPSC_STRICT;
        char why[NUMA_SPSC_WHY];
        if (numa_spsc_create(&queue, &options, why) != 0)
            throw std::runtime_error(why);
        to = numa_spsc_producer_of(&queue);
        from = numa_spsc_consumer_of(&queue);
    }
    ~Ours() { numa_spsc_destroy(&queue); }
    bool push(Request *request) { return numa_spsc_push(&to, reinterpret_cast<std::uint64_t>(request)); }
    bool pop(Request *&request)
    {
        std::uint64_t item;
        if (!numa_spsc_pop(&from, &item))
            return false;
        request = reinterpret_cast<Request *>(item);
        return true;
    }
};

struct TbbBounded {
    tbb::concurrent_bounded_queue<Request *> queue;
    TbbBounded() { queue.set_capacity(ROOM); }
    bool push(Request *request) { return queue.try_push(request); }
    bool pop(Request *&request) { return queue.try_pop(request); }
};

struct Tbb {
    tbb::concurrent_queue<Request *> queue;
    bool push(Request *request)
    {
        queue.push(request);
        return true;
    }
    bool pop(Request *&request) { return queue.try_pop(request); }
};

struct Moodycamel {
    moodycamel::ReaderWriterQueue<Request *> queue{ROOM};
    bool push(Request *request) { return queue.try_enqueue(request); }
    bool pop(Request *&request) { return queue.try_dequeue(request); }
};

enum Phase { WARM, MEASURE, STOP };
struct alignas(128) Shared {
    std::atomic<int> phase{WARM};
};

void rest(unsigned &fruitless)
{
    if (++fruitless % PATIENCE == 0)
        sched_yield(); // the other thread may be waiting for this CPU
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

template <typename Queue> void answer(const Shared &shared, Queue &there, Queue &back)
{
    Request *request = nullptr;
    for (unsigned turns = 0, fruitless = 0; ++turns % LOOK_EVERY != 0 || shared.phase.load(std::memory_order_relaxed) != STOP;) {
        if (there.pop(request)) {
            request->result = pool_mix(request->id);
            back.push(request);
        } else {
            rest(fruitless);
        }
    }
}

// Returns requests a second.
template <typename Queue> double ask(const Shared &shared, Queue &there, Queue &back, unsigned under_way, std::uint64_t &wrong)
{
    std::array<Request, ROOM> requests{};
    std::uint64_t next = 0, ended = 0;
    for (; next < under_way; next++) {
        requests[next].id = next;
        there.push(&requests[next]);
    }
    Clock::time_point begin;
    Request *request = nullptr;
    int before = WARM;
    for (unsigned turns = 0, fruitless = 0;;) {
        if (++turns % LOOK_EVERY == 0) {
            int phase = shared.phase.load(std::memory_order_relaxed);
            if (phase != before && phase == MEASURE) {
                ended = 0;
                begin = Clock::now();
            }
            before = phase;
            if (phase == STOP)
                break;
        }
        if (back.pop(request)) {
            wrong += request->result != pool_mix(request->id);
            request->id = next++;
            ended++;
            there.push(request);
        } else {
            rest(fruitless);
        }
    }
    return static_cast<double>(ended) / std::chrono::duration<double>(Clock::now() - begin).count();
}

template <typename Queue> void hand_over(const std::vector<int> &cpus, unsigned under_way, int ms)
{
    Shared shared;
    auto there = std::make_unique<Queue>(), back = std::make_unique<Queue>();
    bool placed[2] = {};
    double rate = 0;
    std::uint64_t wrong = 0;
    std::thread other([&] { placed[1] = pin(cpus[1]); answer(shared, *there, *back); placed[1] &= sched_getcpu() == cpus[1]; });
    std::thread own([&] { placed[0] = pin(cpus[0]); rate = ask(shared, *there, *back, under_way, wrong); placed[0] &= sched_getcpu() == cpus[0]; });
    std::this_thread::sleep_for(std::chrono::milliseconds(std::max(10, ms / 10)));
    shared.phase = MEASURE;
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    shared.phase = STOP;
    own.join();
    other.join();
    print(rate, wrong, placed[0] && placed[1]);
}

struct Job {
    std::uint64_t id;
    int home;
};

// A frame's jobs at a time, 64 of them between two readings of the clock, as the agent's; giving back is not counted there either.
template <void *(*take)(std::size_t), void (*give)(void *)> void allocate(const std::vector<int> &cpus, unsigned, int ms)
{
    constexpr std::size_t BYTES = 64, TIMED = 64;
    bool placed = pin(cpus[0]);
    std::vector<Job *> jobs(TINY_EACH);
    std::uint64_t ns = 0, count = 0, wrong = 0;
    std::chrono::milliseconds warm(ms / 10), all(ms + ms / 10);
    for (Clock::time_point begin = Clock::now(), now = begin; now - begin < all; now = Clock::now()) {
        bool measured = now - begin >= warm;
        for (std::size_t from = 0; from < jobs.size(); from += TIMED) {
            Clock::time_point start = Clock::now();
            for (std::size_t i = from; i < from + TIMED; i++) {
                jobs[i] = static_cast<Job *>(take(BYTES));
                *jobs[i] = { i, 0 };
            }
            if (measured) {
                ns += static_cast<std::uint64_t>(std::chrono::nanoseconds(Clock::now() - start).count());
                count += TIMED;
            }
        }
        for (std::size_t i = 0; i < jobs.size(); i++) {
            wrong += jobs[i]->id != i;
            give(jobs[i]);
        }
    }
    print(static_cast<double>(ns) / static_cast<double>(count), wrong, placed && sched_getcpu() == cpus[0]);
}

struct Case {
    const char *name;
    std::size_t cpus;
    void (*run)(const std::vector<int> &, unsigned, int);
};
const Case cases[] = {
    { "numa_spsc", 2, hand_over<Ours> },
    { "tbb-bounded", 2, hand_over<TbbBounded> },
    { "tbb-queue", 2, hand_over<Tbb> },
    { "readerwriterqueue", 2, hand_over<Moodycamel> },
    { "malloc", 1, allocate<std::malloc, std::free> },
    { "scalable_malloc", 1, allocate<scalable_malloc, scalable_free> },
};

} // namespace

int main(int argc, char **argv)
{
    if (argc == 5)
        for (const Case &c : cases) {
            std::vector<int> cpus = cpus_of(argv[3]);
            unsigned under_way = static_cast<unsigned>(std::atoi(argv[2]));
            if (std::strcmp(c.name, argv[1]) != 0 || cpus.size() != c.cpus || under_way > ROOM)
                continue;
            c.run(cpus, under_way, std::atoi(argv[4]));
            return 0;
        }
    std::fputs("usage: handover QUEUE UNDER_WAY CPU+CPU MILLISECONDS\n", stderr);
    return 2;
}
