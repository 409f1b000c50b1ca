/*
 * Owns: reading the small files of /proc and /sys. Whatever is in them is data, bounded and terminated here.
 */
#ifndef AGENT_TEXT_H
#define AGENT_TEXT_H

#include "cpuset.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A buffer that grows and is reused between reads. All zero is empty; `bytes` is terminated after a read. */
struct text {
    char *bytes;
    size_t length, capacity;
};

/* Reads the descriptor from its beginning to its end (pread: files of /proc are made anew from offset 0). 0 or -errno. */
int text_read_fd(struct text *text, int fd);
/* Reads a file by its name; the name is formatted. 0 or -errno. */
__attribute__((format(printf, 2, 3))) int text_read(struct text *text, const char *format, ...);
void text_free(struct text *text);

/* The number a file holds, alone; false where there is none. */
__attribute__((format(printf, 2, 3))) bool read_number(long long *number, const char *format, ...);
/* The list of ids a file holds, alone; false where there is none. */
__attribute__((format(printf, 2, 3))) bool read_set(struct cpuset *set, const char *format, ...);
/* The number after "KEY:" or "KEY =" in a text of one fact a line ("MemFree:  123 kB"), or `otherwise`. */
long long field_number(const char *text, const char *key, long long otherwise);

#endif
