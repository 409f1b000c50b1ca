/* Owns: see team.h. */
#define _GNU_SOURCE
#include "team.h"
#include "clock.h"
#include "json.h"
#include "numa.h"
#include "report.h"
#include "validity.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A tenth of the measured time lets clocks rise and caches fill; more than this would be waste. */
#define WARM_MS_MOST 100
/* Between looks whether all threads have begun. */
#define LATE_NS UINT64_C(50000)

static pthread_barrier_t start_line;

static void note_cpu(struct worker_thread *thread)
{
    int cpu = current_cpu();
    if (cpu < 0 || cpu >= SET_BITS)
        return;
    if (thread->last_cpu >= 0 && cpu != thread->last_cpu)
        thread->moves++;
    thread->last_cpu = cpu;
    set_add(&thread->seen, cpu);
}

enum phase worker_thread_look(struct worker_thread *thread)
{
    enum phase phase = atomic_load_explicit(&thread->signal->phase, memory_order_acquire);
    if (phase != thread->phase || ++thread->looks % CPU_EVERY == 0)
        note_cpu(thread);
    if (phase == thread->phase)
        return phase;
    if (phase == PHASE_MEASURE) {
        counters_start(&thread->counters);
        thread->begin_ns = now_ns();
        thread->used_ns = used_ns();
        atomic_fetch_add_explicit(&thread->signal->measuring, 1, memory_order_relaxed);
    } else if (thread->begin_ns != 0) {
        thread->end_ns = now_ns();
        thread->used_ns = used_ns() - thread->used_ns;
        counters_stop(&thread->counters);
    }
    thread->phase = phase;
    return phase;
}

static void *worker_thread_main(void *argument)
{
    struct worker_thread *thread = argument;
    if (thread->cpu >= 0) {
        struct cpuset cpu = set_of(thread->cpu);
        thread->pin_error = affinity_set(0, &cpu);
    }
    counters_open(&thread->counters, thread->uncounted);
    if (thread->prepare != NULL && thread->pin_error == 0)
        thread->prepare(thread);
    pthread_barrier_wait(&start_line);
    note_cpu(thread);
    if (thread->pin_error == 0)
        thread->work(thread);
    counters_close(&thread->counters);
    return NULL;
}

/*
 * What threads do at once is measured from when the last one has begun. On a busy host that may be a while; one that does not get to run
 * is not waited for longer than it would have been measured, and says so itself.
 */
static void wait_for_all(const struct team_signal *signal, int count, unsigned duration_ms)
{
    for (uint64_t end = now_ns() + duration_ms * NS_PER_MS; now_ns() < end;) {
        if (atomic_load_explicit(&signal->measuring, memory_order_relaxed) == count)
            return;
        sleep_until(now_ns() + LATE_NS);
    }
}

static void nothing(enum phase phase)
{
    (void)phase;
}

void team_run(struct worker_thread *threads, int count, unsigned duration_ms)
{
    team_run_watched(threads, count, duration_ms, nothing);
}

void team_run_watched(struct worker_thread *threads, int count, unsigned duration_ms, void (*at)(enum phase phase))
{
    pthread_t *handle = calloc((size_t)count, sizeof *handle);
    struct team_signal signal = { .phase = PHASE_WARM };
    unsigned warm_ms = duration_ms / 10 < WARM_MS_MOST ? duration_ms / 10 : WARM_MS_MOST;
    if (handle == NULL)
        abort();
    pthread_barrier_init(&start_line, NULL, (unsigned)count + 1);
    for (int i = 0; i < count; i++) {
        threads[i].signal = &signal;
        threads[i].last_cpu = -1;
        int error = pthread_create(&handle[i], NULL, worker_thread_main, &threads[i]);
        if (error != 0)
            fail(FAIL_NO_MEMORY, "A limit on processes or memory is reached (ulimit -u, pids.max).", "No thread can be started: %s.", strerror(error));
    }
    pthread_barrier_wait(&start_line);
    uint64_t begin = now_ns() + warm_ms * NS_PER_MS;
    sleep_until(begin);
    atomic_store_explicit(&signal.phase, PHASE_MEASURE, memory_order_release);
    wait_for_all(&signal, count, duration_ms);
    uint64_t end = now_ns() + duration_ms * NS_PER_MS;
    at(PHASE_MEASURE);
    sleep_until(end);
    at(PHASE_STOP);
    atomic_store_explicit(&signal.phase, PHASE_STOP, memory_order_release);
    for (int i = 0; i < count; i++)
        pthread_join(handle[i], NULL);
    pthread_barrier_destroy(&start_line);
    free(handle);
    for (int i = 0; i < count; i++)
        if (threads[i].pin_error != 0)
            fail(threads[i].pin_error == -EINVAL ? FAIL_CPU_FORBIDDEN : FAIL_PERMISSION, NULL, "No thread can be pinned to CPU %d: %s.",
                 threads[i].cpu, strerror(-threads[i].pin_error));
}

double worker_thread_seconds(const struct worker_thread *thread)
{
    return thread->end_ns > thread->begin_ns && thread->begin_ns != 0 ? seconds_of(thread->end_ns - thread->begin_ns) : 0;
}

double worker_thread_used_seconds(const struct worker_thread *thread)
{
    return thread->end_ns != 0 ? seconds_of(thread->used_ns) : 0;
}

uint64_t worker_thread_migrations(const struct worker_thread *thread)
{
    const struct counter *counted = &thread->counters.reading[COUNTER_MIGRATIONS];
    return counted->why[0] == '\0' && counted->value > (double)thread->moves ? (uint64_t)counted->value : thread->moves;
}

void worker_thread_judge(const struct worker_thread *thread, const char *role, struct validity *validity)
{
    if (thread->end_ns == 0)
        invalidate(validity, "the %s got nothing done in the measured time", role);
    if (thread->cpu < 0)
        return;
    struct cpuset asked = set_of(thread->cpu);
    uint64_t migrations = worker_thread_migrations(thread);
    if (!set_equal(&thread->seen, &asked)) {
        char *seen = set_text(&thread->seen);
        invalidate(validity, "the %s was pinned to CPU %d and ran on %s", role, thread->cpu, seen);
        free(seen);
    } else if (migrations > 0) {
        invalidate(validity, "the %s migrated %llu times", role, (unsigned long long)migrations);
    }
}

void team_write_counters(struct json *json, const struct worker_thread *threads, int count)
{
    struct counter sum[COUNTERS] = { 0 };
    for (int i = 0; i < count; i++)
        counters_add(sum, &threads[i].counters);
    counters_write(json, sum);
}
