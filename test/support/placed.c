/*
 * A program for tests of `race`: counts say how well it is placed, not time. A loader on the first of its CPUs fills pages, a reader on
 * each CPU reads them all, a ring goes through its CPUs in their order. It prints the share of reads that are local, and of hops that
 * stay in a socket.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PAGES = 1024, CPUS = 128 };

static int on(int cpu)
{
    cpu_set_t one;
    unsigned node = 0;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0 || syscall(SYS_getcpu, NULL, &node, NULL) != 0)
        return -1;
    return (int)node;
}

static int socket_of(int cpu)
{
    char path[96];
    int id = -1;
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/physical_package_id", cpu);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%d", &id) != 1)
        return -1;
    fclose(file);
    return id;
}

static long elapsed_us(const struct timespec *begin)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - begin->tv_sec) * 1000000 + (now.tv_nsec - begin->tv_nsec) / 1000;
}

int main(void)
{
    struct timespec begin;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    static void *page[PAGES];
    static int lies[PAGES], cpu[CPUS];
    cpu_set_t all;
    int cpus = 0;
    long local = 0, near = 0, size = sysconf(_SC_PAGESIZE);
    if (sched_getaffinity(0, sizeof all, &all) != 0)
        return 1;
    for (int id = 0; id < CPUS; id++)
        if (CPU_ISSET(id, &all))
            cpu[cpus++] = id;
    char *memory = mmap(NULL, (size_t)(PAGES * size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || on(cpu[0]) < 0)
        return 1;
    for (int i = 0; i < PAGES; i++) {
        page[i] = memory + i * size;
        memset(page[i], 1, 64);
    }
    if (syscall(SYS_move_pages, 0, (unsigned long)PAGES, page, NULL, lies, 0) != 0)
        return 1;
    for (int i = 0; i < cpus; i++) {
        int node = on(cpu[i]);
        for (int j = 0; j < PAGES; j++)
            local += lies[j] == node;
        near += socket_of(cpu[i]) == socket_of(cpu[(i + 1) % cpus]);
    }
    printf("{\"metric\": \"local reads\", \"value\": %g}\n", (double)local / PAGES / cpus);
    printf("{\"metric\": \"near hops\", \"value\": %g}\n", (double)near / cpus);
    fflush(stdout);
    sched_setaffinity(0, sizeof all, &all);
    /* It is looked at again when it has lived twice as long as now, and a tenth of a second; before this began it was loaded. */
    usleep((useconds_t)(elapsed_us(&begin) + 500000));
    return 0;
}
