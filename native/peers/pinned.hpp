// Owns: what programs of one run have in common: the CPUs they are given, a thread on each, and the line that they print.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <vector>

// "0+1"
inline std::vector<int> cpus_of(const char *text)
{
    std::vector<int> cpus;
    for (char *end; *text != '\0'; text = *end == '+' ? end + 1 : end)
        cpus.push_back(static_cast<int>(std::strtol(text, &end, 10)));
    return cpus;
}

inline bool pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0 && sched_getcpu() == cpu;
}

// `wrong`: results that are not those of one thread; `placed`: each thread was found on its CPU, and none was missing.
inline void print(double value, std::uint64_t wrong, bool placed)
{
    std::printf("{\"value\":%.4f,\"wrong\":%llu,\"placed\":%s}\n", value, static_cast<unsigned long long>(wrong), placed ? "true" : "false");
}
