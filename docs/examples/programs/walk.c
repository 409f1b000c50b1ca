/*
 * A memory-bound service in miniature, as two of the guides run it: workers called "worker-0", "worker-1" … follow pointers at random
 * through one table that the main thread filled. Prints queries a second (a query is 100 steps) every tenth of a second, as JSON lines.
 *
 *   cc -O2 -pthread -o walk walk.c && ./walk 2 256 4     seconds, megabytes, workers
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { STEPS = 100, WORKERS = 256 };

static uint64_t *table;
static size_t slots;
static _Atomic uint64_t queries;
static _Atomic int stop;

static void *work(void *number)
{
    size_t at = (size_t)number * 7919 % slots;
    while (!stop) {
        for (int i = 0; i < STEPS; i++)
            at = table[at];
        atomic_fetch_add_explicit(&queries, 1, memory_order_relaxed);
    }
    return (void *)at; /* so that the loads are not left out */
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* One cycle through all slots (Sattolo). */
static void fill(void)
{
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < slots; i++)
        table[i] = i;
    for (size_t i = slots - 1; i > 0; i--) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        size_t j = state % i;
        uint64_t other = table[i];
        table[i] = table[j];
        table[j] = other;
    }
}

int main(int count, char **words)
{
    double seconds = count > 1 ? atof(words[1]) : 2;
    size_t bytes = (size_t)(count > 2 ? atoi(words[2]) : 256) << 20;
    int workers = count > 3 ? atoi(words[3]) : 2;
    if (workers < 1 || workers > WORKERS || bytes == 0)
        return fprintf(stderr, "usage: walk SECONDS MEGABYTES WORKERS\n"), 2;
    table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED)
        return perror("mmap"), 1;
    slots = bytes / sizeof *table;
    fill();
    pthread_t thread[WORKERS];
    for (int i = 0; i < workers; i++) {
        char name[16];
        snprintf(name, sizeof name, "worker-%d", i);
        pthread_create(&thread[i], NULL, work, (void *)(size_t)i);
        pthread_setname_np(thread[i], name);
    }
    double before = now(), end = before + seconds;
    for (uint64_t seen = 0; before < end;) {
        nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
        uint64_t done = queries;
        double time = now();
        printf("{\"metric\": \"queries/s\", \"value\": %.0f}\n", (double)(done - seen) / (time - before));
        fflush(stdout);
        seen = done;
        before = time;
    }
    stop = 1;
    for (int i = 0; i < workers; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
