/*
 * Owns: where the host's files are: under `--root` for a recorded or invented machine, else under /. Every file that is sampled is
 * opened here.
 */
#ifndef AGENT_HOST_FILES_H
#define AGENT_HOST_FILES_H

#include "cpuset.h"

#include <glob.h>
#include <stdbool.h>

/* A directory with proc/ and sys/; ends with `usage` where it is none. Before anything is opened. */
void host_files_under(const char *directory);

/* A descriptor of a file such as "/proc/stat", or -errno; the name is formatted. */
__attribute__((format(printf, 1, 2))) int host_open(const char *format, ...);
/* The list of ids a file holds, alone; false where there is none. */
__attribute__((format(printf, 2, 3))) bool host_set(struct cpuset *set, const char *format, ...);
/* The number a file holds, alone; false where there is none. */
__attribute__((format(printf, 2, 3))) bool host_number(long long *number, const char *format, ...);
/* The paths that a pattern fits, in order, as they would be on the host itself: without what is before /proc and /sys. The caller frees them by globfree. */
glob_t host_glob(const char *pattern);
/* A path of host_glob as it is on the host itself. */
const char *host_path(const char *path);

#endif
