/* Owns: see crew.h. */
#define _GNU_SOURCE
#include "crew.h"
#include "clock.h"
#include "json.h"
#include "numa.h"
#include "report.h"
#include "verdict.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A tenth of the measured time lets clocks rise and caches fill; more than this would be waste. */
#define WARM_MS_MOST 100

static pthread_barrier_t start_line;

static void note_cpu(struct member *member)
{
    int cpu = current_cpu();
    if (cpu < 0 || cpu >= SET_BITS)
        return;
    if (member->last_cpu >= 0 && cpu != member->last_cpu)
        member->moves++;
    member->last_cpu = cpu;
    set_add(&member->seen, cpu);
}

enum phase member_look(struct member *member)
{
    enum phase phase = atomic_load_explicit(&member->signal->phase, memory_order_acquire);
    if (phase != member->phase || ++member->looks % CPU_EVERY == 0)
        note_cpu(member);
    if (phase == member->phase)
        return phase;
    if (phase == PHASE_MEASURE) {
        counters_start(&member->counters);
        member->begin_ns = now_ns();
    } else if (member->begin_ns != 0) {
        member->end_ns = now_ns();
        counters_stop(&member->counters);
    }
    member->phase = phase;
    return phase;
}

static void *member_main(void *argument)
{
    struct member *member = argument;
    if (member->cpu >= 0) {
        struct cpuset cpu = set_of(member->cpu);
        member->pin_error = affinity_set(0, &cpu);
    }
    counters_open(&member->counters);
    pthread_barrier_wait(&start_line);
    note_cpu(member);
    if (member->pin_error == 0)
        member->work(member);
    counters_close(&member->counters);
    return NULL;
}

void crew_run(struct member *members, int count, unsigned duration_ms)
{
    pthread_t thread[8];
    struct crew_signal signal = { .phase = PHASE_WARM };
    unsigned warm_ms = duration_ms / 10 < WARM_MS_MOST ? duration_ms / 10 : WARM_MS_MOST;
    pthread_barrier_init(&start_line, NULL, (unsigned)count + 1);
    for (int i = 0; i < count; i++) {
        members[i].signal = &signal;
        members[i].last_cpu = -1;
        int error = pthread_create(&thread[i], NULL, member_main, &members[i]);
        if (error != 0)
            fail(FAIL_NO_MEMORY, "A limit on processes or memory is reached (ulimit -u, pids.max).", "No thread can be started: %s.", strerror(error));
    }
    pthread_barrier_wait(&start_line);
    uint64_t begin = now_ns() + warm_ms * NS_PER_MS;
    sleep_until(begin);
    atomic_store_explicit(&signal.phase, PHASE_MEASURE, memory_order_release);
    sleep_until(now_ns() + duration_ms * NS_PER_MS);
    atomic_store_explicit(&signal.phase, PHASE_STOP, memory_order_release);
    for (int i = 0; i < count; i++)
        pthread_join(thread[i], NULL);
    pthread_barrier_destroy(&start_line);
    for (int i = 0; i < count; i++)
        if (members[i].pin_error != 0)
            fail(members[i].pin_error == -EINVAL ? FAIL_CPU_FORBIDDEN : FAIL_PERMISSION, NULL, "No thread can be pinned to CPU %d: %s.",
                 members[i].cpu, strerror(-members[i].pin_error));
}

double member_seconds(const struct member *member)
{
    return member->end_ns > member->begin_ns && member->begin_ns != 0 ? seconds_of(member->end_ns - member->begin_ns) : 0;
}

uint64_t member_migrations(const struct member *member)
{
    const struct counter *counted = &member->counters.reading[COUNTER_MIGRATIONS];
    return counted->why[0] == '\0' && counted->value > (double)member->moves ? (uint64_t)counted->value : member->moves;
}

void member_judge(const struct member *member, const char *role, struct verdict *verdict)
{
    if (member->end_ns == 0)
        verdict_add(verdict, "the %s got nothing done in the measured time", role);
    if (member->cpu < 0)
        return;
    struct cpuset asked = set_of(member->cpu);
    uint64_t migrations = member_migrations(member);
    if (!set_equal(&member->seen, &asked)) {
        char *seen = set_text(&member->seen);
        verdict_add(verdict, "the %s was pinned to CPU %d and ran on %s", role, member->cpu, seen);
        free(seen);
    } else if (migrations > 0) {
        verdict_add(verdict, "the %s migrated %llu times", role, (unsigned long long)migrations);
    }
}

void crew_write_counters(struct json *json, const struct member *members, int count)
{
    struct counter sum[COUNTERS] = { 0 };
    for (int i = 0; i < count; i++)
        counters_add(sum, &members[i].counters);
    json_key(json, "counters");
    counters_write(json, sum);
}
