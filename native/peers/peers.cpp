// Owns: the comparison of this project's queue with others', in one process: `peers PRODUCER_CPU CONSUMER_CPU ROUNDS MS`. In each
// round every queue runs once in every way, in an order that turns by one a round; each run prints a JSON line. Every item is
// held against the one that must come next; the two threads are pinned, and say where they ran.
//
// Ways: "one": one item a call; "many": 32 a call; "trip": one item there and back, each trip timed.
// Forms: "call": through the library's own object in memory; "loop": this project's handle as a local variable of the loop.
#include "queues.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t MANY = 32;
constexpr unsigned LOOK_EVERY = 4096; // operations between looks at the phase

enum Phase { WARM, MEASURE, STOP };
struct alignas(LINE) Shared {
    std::atomic<int> phase{WARM};
};

struct Figures {
    item items = 0, empty = 0, full = 0, wrong = 0;
    double seconds = 0;
    std::vector<std::uint32_t> trips; // ns
    bool placed = true;
};

void relax()
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

bool pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0 && sched_getcpu() == cpu;
}

// Runs `turn` (one operation that failed or not) until the phase is STOP; returns the seconds of the measured phase. What was
// counted while warming up is forgotten by `forget`.
template <typename Turn, typename Forget> double until_stop(const Shared &shared, Turn &&turn, Forget &&forget)
{
    Clock::time_point begin = Clock::now();
    for (int before = WARM, phase; (phase = shared.phase.load(std::memory_order_relaxed)) != STOP; before = phase) {
        if (phase != before) {
            forget();
            begin = Clock::now();
        }
        for (unsigned i = 0; i < LOOK_EVERY; i++)
            turn();
    }
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

template <typename Push> item produce_one(const Shared &shared, Push &&push)
{
    item next = 0, full = 0;
    until_stop(shared, [&] { push(next) ? void(next++) : (void(full++), relax()); }, [&] { full = 0; });
    return full;
}

template <typename Pop> void consume_one(const Shared &shared, Figures &figures, Pop &&pop)
{
    item next = 0, first = 0, empty = 0, wrong = 0, value = 0;
    auto turn = [&] { pop(value) ? void(wrong += value != next++) : (void(empty++), relax()); };
    figures.seconds = until_stop(shared, turn, [&] { first = next, empty = 0; });
    figures.items = next - first, figures.empty = empty, figures.wrong = wrong;
}

template <typename PushMany> item produce_many(const Shared &shared, PushMany &&push)
{
    item next = 0, full = 0, values[MANY];
    auto turn = [&] {
        for (std::size_t i = 0; i < MANY; i++)
            values[i] = next + i;
        std::size_t sent = push(values, MANY);
        next += sent;
        if (sent == 0)
            full++, relax();
    };
    until_stop(shared, turn, [&] { full = 0; });
    return full;
}

template <typename PopMany> void consume_many(const Shared &shared, Figures &figures, PopMany &&pop)
{
    item next = 0, first = 0, empty = 0, wrong = 0, values[MANY];
    auto turn = [&] {
        std::size_t got = pop(values, MANY);
        if (got == 0)
            empty++, relax();
        for (std::size_t i = 0; i < got; i++)
            wrong += values[i] != next++;
    };
    figures.seconds = until_stop(shared, turn, [&] { first = next, empty = 0; });
    figures.items = next - first, figures.empty = empty, figures.wrong = wrong;
}

struct Cpus {
    int producer, consumer;
};

Figures run(Cpus cpus, int ms, const std::function<item(const Shared &)> &produce, const std::function<void(const Shared &, Figures &)> &consume)
{
    Shared shared;
    Figures figures;
    bool placed[2] = {};
    item full = 0;
    std::thread producer([&] { placed[0] = pin(cpus.producer); full = produce(shared); placed[0] &= sched_getcpu() == cpus.producer; });
    std::thread consumer([&] { placed[1] = pin(cpus.consumer); consume(shared, figures); placed[1] &= sched_getcpu() == cpus.consumer; });
    std::this_thread::sleep_for(std::chrono::milliseconds(std::max(10, ms / 5)));
    shared.phase = MEASURE;
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    shared.phase = STOP;
    producer.join();
    consumer.join();
    figures.full = full;
    figures.placed = placed[0] && placed[1];
    return figures;
}

template <typename Queue> Figures one(Cpus cpus, std::size_t capacity, int ms)
{
    auto queue = std::make_unique<Queue>(capacity);
    return run(cpus, ms, [&](const Shared &shared) { return produce_one(shared, [&](item value) { return queue->push(value); }); },
        [&](const Shared &shared, Figures &figures) { consume_one(shared, figures, [&](item &value) { return queue->pop(value); }); });
}

template <typename Queue> Figures many(Cpus cpus, std::size_t capacity, int ms)
{
    auto queue = std::make_unique<Queue>(capacity);
    return run(cpus, ms,
        [&](const Shared &shared) { return produce_many(shared, [&](const item *values, std::size_t n) { return queue->push_many(values, n); }); },
        [&](const Shared &shared, Figures &figures) { consume_many(shared, figures, [&](item *values, std::size_t n) { return queue->pop_many(values, n); }); });
}

// The handle is made in the function of the loop, as numa_spsc.h asks for: the compiler keeps it in registers. (It does not with a copy of
// a handle that lies in memory: g++ 12.)
template <std::size_t PublishEvery> Figures one_in_loop(Cpus cpus, std::size_t capacity, int ms)
{
    auto queue = std::make_unique<Ours<PublishEvery>>(capacity);
    return run(cpus, ms,
        [&](const Shared &shared) {
            numa_spsc_producer p = numa_spsc_producer_of(&queue->queue);
            return produce_one(shared, [&](item value) { return numa_spsc_push(&p, value); });
        },
        [&](const Shared &shared, Figures &figures) {
            numa_spsc_consumer c = numa_spsc_consumer_of(&queue->queue);
            consume_one(shared, figures, [&](item &value) { return numa_spsc_pop(&c, &value); });
        });
}

template <typename Queue> Figures trip(Cpus cpus, std::size_t capacity, int ms)
{
    auto there = std::make_unique<Queue>(capacity), back = std::make_unique<Queue>(capacity);
    Figures figures;
    std::vector<std::uint32_t> trips;
    trips.reserve(1 << 22);
    auto wait = [](const Shared &shared, auto &&done) {
        for (unsigned polls = 0; !done(); relax())
            if (++polls % LOOK_EVERY == 0 && shared.phase.load(std::memory_order_relaxed) == STOP)
                return false;
        return true;
    };
    Figures result = run(cpus, ms,
        [&](const Shared &shared) {
            item value = 0, next = 0;
            for (int before = WARM, phase; (phase = shared.phase.load(std::memory_order_relaxed)) != STOP; before = phase) {
                if (phase != before)
                    trips.clear();
                auto begin = Clock::now();
                if (!wait(shared, [&] { return there->push(next); }) || !wait(shared, [&] { return back->pop(value); }))
                    break;
                if (trips.size() < trips.capacity())
                    trips.push_back(static_cast<std::uint32_t>(std::chrono::nanoseconds(Clock::now() - begin).count()));
                figures.wrong += value != next++;
            }
            return item{0};
        },
        [&](const Shared &shared, Figures &) {
            item value;
            while (shared.phase.load(std::memory_order_relaxed) != STOP)
                if (wait(shared, [&] { return there->pop(value); }))
                    wait(shared, [&] { return back->push(value); });
        });
    result.wrong = figures.wrong;
    result.items = trips.size();
    result.trips = std::move(trips);
    return result;
}

struct Case {
    const char *queue, *form, *way;
    unsigned publish_every;
    Figures (*work)(Cpus, std::size_t, int);
};

const Case cases[] = {
    { "numa_spsc", "call", "one", 1, one<Ours<>> },
    { "numa_spsc", "loop", "one", 1, one_in_loop<1> },
    { "readerwriterqueue", "call", "one", 1, one<Moodycamel> },
    { "boost", "call", "one", 1, one<Boost> },
    { "atomic_queue", "call", "one", 1, one<AtomicQueue> },
    { "dpdk", "call", "one", 1, one<Dpdk> },
    { "numa_spsc", "call", "one", 32, one<Ours<32>> },
    { "numa_spsc", "loop", "one", 32, one_in_loop<32> },
    { "numa_spsc", "call", "many", 1, many<Ours<>> },
    { "boost", "call", "many", 1, many<Boost> },
    { "dpdk", "call", "many", 1, many<Dpdk> },
    { "numa_spsc", "call", "trip", 1, trip<Ours<>> },
    { "readerwriterqueue", "call", "trip", 1, trip<Moodycamel> },
    { "boost", "call", "trip", 1, trip<Boost> },
    { "atomic_queue", "call", "trip", 1, trip<AtomicQueue> },
    { "dpdk", "call", "trip", 1, trip<Dpdk> },
};

void print(const Case &c, std::size_t capacity, int round, Figures figures)
{
    double median = 0;
    if (!figures.trips.empty()) {
        auto middle = figures.trips.begin() + static_cast<std::ptrdiff_t>(figures.trips.size() / 2);
        std::nth_element(figures.trips.begin(), middle, figures.trips.end());
        median = *middle;
    }
    bool trip = std::string(c.way) == "trip";
    std::printf("{\"queue\":\"%s\",\"form\":\"%s\",\"way\":\"%s\",\"publishEvery\":%u,\"capacity\":%zu,\"round\":%d,\"%s\":%.1f,"
                "\"emptyPerItem\":%.4f,\"fullPerItem\":%.4f,\"wrong\":%llu,\"placed\":%s}\n",
        c.queue, c.form, c.way, c.publish_every, capacity, round, trip ? "medianNs" : "itemsPerSecond",
        trip ? median : static_cast<double>(figures.items) / figures.seconds,
        figures.items ? static_cast<double>(figures.empty) / static_cast<double>(figures.items) : 0,
        figures.items ? static_cast<double>(figures.full) / static_cast<double>(figures.items) : 0,
        static_cast<unsigned long long>(figures.wrong), figures.placed ? "true" : "false");
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5) {
        std::fputs("usage: peers PRODUCER_CPU CONSUMER_CPU ROUNDS MILLISECONDS\n", stderr);
        return 2;
    }
    Cpus cpus{std::atoi(argv[1]), std::atoi(argv[2])};
    int rounds = std::atoi(argv[3]), ms = std::atoi(argv[4]);
    constexpr std::size_t count = std::size(cases);
    for (int round = 0; round < rounds; round++)
        for (std::size_t capacity : {std::size_t{1024}, std::size_t{65536}})
            for (std::size_t i = 0; i < count; i++) {
                const Case &c = cases[(i + static_cast<std::size_t>(round)) % count];
                print(c, capacity, round, c.work(cpus, capacity, ms));
            }
}
