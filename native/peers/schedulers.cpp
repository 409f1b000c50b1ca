// Owns: the jobs of the agent's loads `tiny` and `tree` under other schedulers, frame after frame: `schedulers WAY LOAD CPU+CPU MS`.
// One run a process, for an idle runtime's threads would take CPUs from another's. Prints jobs a second.
//
// What a worker of the agent puts in, a task puts in here. The sum of each frame is held against one thread's.
#include "../src/pool_jobs.h"
#include "pinned.hpp"

#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <omp.h>
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>
#include <tbb/task_scheduler_observer.h>

namespace {

using Clock = std::chrono::steady_clock;
using Range = tbb::blocked_range<std::uint32_t>;

// A thread's part of a frame's sum, on lines of its own.
struct alignas(128) Part {
    std::uint64_t sum = 0;
};

std::vector<int> cpus;
std::vector<Part> parts;
std::atomic<int> misplaced{0}, joined{0};

int workers() { return static_cast<int>(cpus.size()); }
std::uint32_t leaves() { return static_cast<std::uint32_t>(LEAVES_EACH * workers()); }
std::uint64_t id_of(int worker, unsigned kind, std::uint32_t number) { return pool_job(worker, pool_number_from(kind) + number); }
std::uint32_t share(int worker, unsigned kind) { return pool_share(TINY_EACH, workers(), worker, kind); }

std::uint64_t all_parts()
{
    std::uint64_t sum = 0;
    for (Part &part : parts)
        sum += std::exchange(part.sum, 0);
    return sum;
}

void tbb_tiny(int worker, unsigned kind, std::uint32_t number)
{
    parts[static_cast<std::size_t>(tbb::this_task_arena::current_thread_index())].sum += pool_mix(id_of(worker, kind, number));
}

std::uint64_t tbb_tasks_tiny(unsigned kind)
{
    tbb::task_group all;
    for (int worker = 0; worker < workers(); worker++)
        all.run([worker, kind] {
            tbb::task_group own;
            for (std::uint32_t number = 0; number < share(worker, kind); number++)
                own.run([=] { tbb_tiny(worker, kind, number); });
            own.wait();
        });
    all.wait();
    return all_parts();
}

std::uint64_t tbb_for_tiny(unsigned kind)
{
    tbb::parallel_for(0, workers(), [kind](int worker) {
        Range range(0, share(worker, kind), 1);
        tbb::parallel_for(range, [=](const Range &some) {
            for (std::uint32_t number = some.begin(); number < some.end(); number++)
                tbb_tiny(worker, kind, number);
        }, tbb::simple_partitioner{});
    });
    return all_parts();
}

std::uint64_t omp_tasks_tiny(unsigned kind)
{
#pragma omp taskgroup
    for (int worker = 0; worker < workers(); worker++) {
#pragma omp task firstprivate(worker, kind)
        for (std::uint32_t number = 0; number < share(worker, kind); number++) {
#pragma omp task firstprivate(worker, kind, number)
            parts[static_cast<std::size_t>(omp_get_thread_num())].sum += pool_mix(id_of(worker, kind, number));
        }
    }
    return all_parts();
}

std::uint64_t tbb_tree(std::uint32_t from, std::uint32_t to)
{
    if (to - from == 1)
        return tree_leaf(from);
    std::uint32_t middle = from + (to - from) / 2;
    std::uint64_t second = 0;
    tbb::task_group group;
    group.run([&] { second = tbb_tree(middle, to); });
    std::uint64_t first = tbb_tree(from, middle);
    group.wait();
    return first + second;
}

template <typename Partitioner> std::uint64_t tbb_reduce(unsigned)
{
    auto some = [](const Range &range, std::uint64_t sum) {
        for (std::uint32_t number = range.begin(); number < range.end(); number++)
            sum += tree_leaf(number);
        return sum;
    };
    return tbb::parallel_reduce(Range(0, leaves(), 1), std::uint64_t{0}, some, std::plus<>{}, Partitioner{});
}

std::uint64_t omp_tree(std::uint32_t from, std::uint32_t to)
{
    if (to - from == 1)
        return tree_leaf(from);
    std::uint32_t middle = from + (to - from) / 2;
    std::uint64_t second = 0;
#pragma omp task shared(second) firstprivate(middle, to)
    second = omp_tree(middle, to);
    std::uint64_t first = omp_tree(from, middle);
#pragma omp taskwait
    return first + second;
}

struct Way {
    const char *name, *load;
    bool omp;
    std::uint64_t (*frame)(unsigned kind);
};
const Way ways[] = {
    { "tbb-task-group", "tiny", false, tbb_tasks_tiny },
    { "tbb-parallel", "tiny", false, tbb_for_tiny },
    { "openmp-task", "tiny", true, omp_tasks_tiny },
    { "tbb-task-group", "tree", false, [](unsigned) { return tbb_tree(0, leaves()); } },
    { "tbb-parallel", "tree", false, tbb_reduce<tbb::simple_partitioner> },
    { "tbb-parallel-auto", "tree", false, tbb_reduce<tbb::auto_partitioner> },
    { "openmp-task", "tree", true, [](unsigned) { return omp_tree(0, leaves()); } },
};

// Frames until the time is up, the first tenth of it uncounted; prints what they came to.
void drive(const Way &way, int ms)
{
    bool tree = std::strcmp(way.load, "tree") == 0;
    std::uint64_t due[POOL_KINDS] = {}, frames = 0, counted = 0, wrong = 0;
    for (unsigned kind = 0; kind < POOL_KINDS; kind++)
        for (int worker = 0; worker < workers() && !tree; worker++)
            for (std::uint32_t number = 0; number < share(worker, kind); number++)
                due[kind] += pool_mix(id_of(worker, kind, number));
    for (std::uint32_t number = 0; number < leaves() && tree; number++)
        due[0] += tree_leaf(number);
    std::chrono::milliseconds warm(ms / 10), all(ms);
    Clock::time_point begin = Clock::now(), now = begin;
    for (bool measured = false; !measured || now - begin < all; now = Clock::now()) {
        if (!measured && now - begin >= warm) {
            measured = true;
            counted = 0;
            begin = now;
        }
        unsigned kind = static_cast<unsigned>(frames++ % POOL_KINDS);
        wrong += way.frame(kind) != due[tree ? 0 : kind];
        counted++;
    }
    std::uint64_t jobs = counted * static_cast<std::uint64_t>(workers()) * (tree ? LEAVES_EACH : TINY_EACH);
    double value = static_cast<double>(jobs) / std::chrono::duration<double>(now - begin).count();
    print(value, wrong, misplaced == 0 && joined == workers());
}

// A thread is in an arena for as long as there is work; it may come in more than once.
struct Pinning : tbb::task_scheduler_observer {
    std::vector<std::atomic<bool>> came = std::vector<std::atomic<bool>>(parts.size());
    explicit Pinning(tbb::task_arena &arena) : tbb::task_scheduler_observer(arena) { observe(true); }
    ~Pinning() override { observe(false); }
    void on_scheduler_entry(bool) override
    {
        auto at = static_cast<std::size_t>(tbb::this_task_arena::current_thread_index());
        misplaced += !pin(cpus[at]);
        joined += !came[at].exchange(true);
    }
};

void with_tbb(const Way &way, int ms)
{
    tbb::global_control most(tbb::global_control::max_allowed_parallelism, cpus.size());
    tbb::task_arena arena(workers());
    Pinning pinning(arena);
    arena.execute([&] { drive(way, ms); });
}

void with_omp(const Way &way, int ms)
{
#pragma omp parallel num_threads(workers())
    {
        misplaced += !pin(cpus[static_cast<std::size_t>(omp_get_thread_num())]);
        joined++;
#pragma omp barrier
#pragma omp single
        drive(way, ms);
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 5)
        for (const Way &way : ways)
            if (std::strcmp(way.name, argv[1]) == 0 && std::strcmp(way.load, argv[2]) == 0) {
                cpus = cpus_of(argv[3]);
                parts = std::vector<Part>(cpus.size());
                (way.omp ? with_omp : with_tbb)(way, std::atoi(argv[4]));
                return 0;
            }
    std::fputs("usage: schedulers WAY LOAD CPU+CPU... MILLISECONDS\n", stderr);
    return 2;
}
