/*
 * Owns: the parts of a sample, each in a file of its own: the CPUs (sample_cpus.c), texts of files (sample_files.c), what readers sum up
 * (readers.h), and what is followed (followed.h). The first line tells all, the later ones what changed.
 */
#ifndef AGENT_SAMPLE_H
#define AGENT_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

struct json;

/* Ends where /proc/stat cannot be opened. */
void cpus_begin(uint64_t interval_ms);
void cpus_read(void);
/* The key "cpus", where anything changed. */
void cpus_write(struct json *json);

/* What a CPU spent its time on, in the kernel's clock ticks; nice is user time, interrupts are the system's. */
enum spent { SPENT_USER, SPENT_SYSTEM, SPENT_IOWAIT, SPENT_STEAL, SPENT_IDLE, SPENT };
/* Takes what the CPU has spent since the last time this was asked. False: it is not there. */
bool cpus_take_spent(int cpu, uint64_t spent[SPENT]);

/* Patterns of which the first that fits any file counts, bars between them. */
void files_ask(char *patterns);
/* Of the files asked for last only lines that begin so are wanted, bars between the beginnings. */
void files_ask_lines(char *beginnings);
/* The key "files", at most once a second: the files whose text changed, and null for those that went away. */
void files_write(struct json *json, uint64_t now_ns);

#endif
