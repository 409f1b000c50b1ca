/*
 * Owns: perf events that count on a CPU whatever runs there, or in a box beside the cores ("uncore"), as /sys describes them. They
 * need kernel.perf_event_paranoid 0 or less, or the capability PERFMON.
 */
#ifndef AGENT_PMU_H
#define AGENT_PMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A counter; all zero is none. */
struct pmu_counter {
    int fd; /* 1 + the descriptor */
    int cpu;
};

/* 0, or the errno of perf_event_open. */
int pmu_open(struct pmu_counter *counter, uint32_t type, uint64_t config, int cpu);
void pmu_close(struct pmu_counter *counter);
/* What it counted so far, scaled up to the whole time where it shared its hardware; -1: it cannot be read, or never got hardware. */
int64_t pmu_read(const struct pmu_counter *counter);
/* In words for people why an event cannot be counted; `event` as perf writes it ("uncore_upi_0/event=0x2/"). */
void pmu_explain(char *why, size_t size, int error, const char *event);

/* The number by which perf_event_open knows a kind of counter below /sys/bus/event_source/devices; false where there is none. */
bool pmu_type(uint32_t *type, const char *pmu);
/* Sets a field of an event ("umask") where /sys says that its bits are ("config:8-15,24-27"); false where it has no such field, or the value no room. */
bool pmu_field(uint64_t *config, const char *pmu, const char *field, uint64_t value);
/* The CPU that counts for each part of the machine, one after the other: start with -1; -1: no more. */
int pmu_next_cpu(const char *pmu, int after);

#endif
