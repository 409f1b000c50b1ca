/*
 * A second, deliberately simple measurement of memory latency, to hold the agent's against (npm run bench:memory-peers). It shares no
 * code with it: malloc'd memory, a shuffled list of lines linked in that order, loads to warm up, then a counted number of them, by the
 * CPU time of the thread.
 *
 *   chase CPU BYTES 4k|thp LOADS     prints the ns of a load
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define LINE 64
#define HUGE_PAGE (2UL << 20)

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    size_t bytes = strtoull(argv[2], NULL, 10), lines = bytes / LINE, loads = strtoull(argv[4], NULL, 10);
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(argv[1]), &cpus);
    char *memory = aligned_alloc(HUGE_PAGE, bytes);
    size_t *order = malloc(lines * sizeof *order);
    if (sched_setaffinity(0, sizeof cpus, &cpus) != 0 || memory == NULL || order == NULL)
        return 1;
    madvise(memory, bytes, strcmp(argv[3], "thp") == 0 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    memset(memory, 0, bytes);

    srandom(7);
    for (size_t i = 0; i < lines; i++)
        order[i] = i;
    for (size_t i = lines - 1; i > 0; i--) {
        size_t j = (((size_t)random() << 31) ^ (size_t)random()) % (i + 1), other = order[i];
        order[i] = order[j];
        order[j] = other;
    }
    for (size_t i = 0; i < lines; i++)
        *(char **)(void *)(memory + order[i] * LINE) = memory + order[(i + 1) % lines] * LINE;
    free(order);

    char *at = memory;
    struct timespec begin, end;
    for (size_t i = 0; i < loads / 4; i++)
        at = *(char **)(void *)at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    for (size_t i = 0; i < loads; i++)
        at = *(char **)(void *)at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    double ns = (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
    printf("%.3f\n", ns / (double)loads);
    return at == NULL;
}
