/*
 * Owns: the check that a migration of the thread that creates another is not counted as the other's own. The mark is left on purpose: a
 * thread is moved to a CPU that is busy, and while it waits there the last open counter of migrations is closed, so that nobody clears the
 * mark when it runs. Where it runs too soon, or counters may not be opened, nothing is shown: so it is tried often.
 */
#define _GNU_SOURCE
#include "check.h"
#include "numa.h"
#include "perf.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TRIES 20
/* uapi/linux/sched.h; musl's sched_setscheduler is a stub */
#define POLICY_IDLE 5

static atomic_bool stop;
static atomic_int marked;
static sem_t ready, go;
static int busy_cpu;

static void *spin(void *unused)
{
    struct cpuset cpu = set_of(busy_cpu);
    CHECK(affinity_set(0, &cpu) == 0);
    sem_post(&ready);
    while (!atomic_load(&stop))
        ;
    return unused;
}

static void *count(void *into)
{
    struct counters *counters = into;
    counters_open(counters, true);
    counters_start(counters);
    for (int i = 0; i < 3; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    counters_stop(counters);
    counters_close(counters);
    return NULL;
}

static void *create(void *into)
{
    struct sched_param none = { 0 };
    pthread_t child;
    CHECK(syscall(SYS_sched_setscheduler, 0, POLICY_IDLE, &none) == 0);
    atomic_store(&marked, (int)syscall(SYS_gettid));
    sem_post(&ready);
    while (sem_wait(&go) < 0 && errno == EINTR)
        ;
    if (pthread_create(&child, NULL, count, into) == 0)
        pthread_join(child, NULL);
    return NULL;
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) < 0 && errno == EINTR)
        ;
}

/* Migrations that the created thread counts; -1: cannot be told here. */
static double inherited(void)
{
    struct counters held, counted = { 0 };
    pthread_t spinner, creator;
    counters_open(&held, true);
    if (held.fd[COUNTER_MIGRATIONS] < 0)
        return -1;
    atomic_store(&stop, false);
    if (pthread_create(&spinner, NULL, spin, NULL) != 0 || pthread_create(&creator, NULL, create, &counted) != 0)
        return -1;
    wait_for(&ready);
    wait_for(&ready);
    /* Asleep by then, or it is moved as it runs, which marks it as well. */
    nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    struct cpuset cpu = set_of(busy_cpu);
    CHECK(affinity_set((pid_t)atomic_load(&marked), &cpu) == 0);
    sem_post(&go);
    counters_close(&held);
    atomic_store(&stop, true);
    pthread_join(spinner, NULL);
    pthread_join(creator, NULL);
    return counted.reading[COUNTER_MIGRATIONS].why[0] == '\0' ? counted.reading[COUNTER_MIGRATIONS].value : -1;
}

int main(void)
{
    struct cpuset all;
    CHECK(affinity_get(0, &all) == 0);
    int first = set_next(&all, -1);
    busy_cpu = set_next(&all, first);
    if (busy_cpu < 0) {
        puts("  not shown: it takes two CPUs");
        return failed;
    }
    struct cpuset own = set_of(first);
    CHECK(affinity_set(0, &own) == 0);
    sem_init(&ready, 0, 0);
    sem_init(&go, 0, 0);
    for (int i = 0; i < TRIES; i++) {
        double migrations = inherited();
        if (migrations < 0) {
            puts("  not shown: this thread may not open a counter of migrations");
            return failed;
        }
        CHECK(migrations == 0);
    }
    return failed;
}
