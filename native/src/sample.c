/*
 * Owns: the command `sample`: a line an interval, which tells what changed since the line before. What costs little is read each time,
 * the rest at its own pace (pace.h), so that the whole takes a part of a core that nobody notices.
 */
#include "args.h"
#include "clock.h"
#include "commands.h"
#include "followed.h"
#include "host_files.h"
#include "json.h"
#include "pace.h"
#include "readers.h"
#include "report.h"
#include "sample.h"

#include <sys/resource.h>

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max; /* many nodes times many page sizes */
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Of the time, for the threads of what is followed: there may be thousands. */
enum { FOLLOWED_PART = 50 };
static struct pace following;

/* The sampler's own clock: a recorded machine can be played faster than it was. */
static uint64_t begun_ns, speed = 1;

static uint64_t sampler_now(void)
{
    return begun_ns + (now_ns() - begun_ns) * speed;
}

static void write_sample(uint64_t number)
{
    uint64_t now = sampler_now();
    cpus_read();
    struct json *json = report_begin("sample");
    json_key(json, "line");
    json_count(json, number);
    report_moment(json, now);
    cpus_write(json);
    readers_write(json, now);
    files_write(json, now);
    if (followed_any() && pace_due(&following, now)) {
        pace_begin(&following);
        followed_write(json, false);
        pace_end(&following, now, 0, FOLLOWED_PART);
    }
    report_end();
}

void command_sample(struct args *args)
{
    uint64_t interval_ms = 1000, count = 0;
    bool elsewhere = false;
    raise_file_limit();
    while (args->at < args->count) {
        if (args_is(args, "--interval-ms"))
            interval_ms = args_number(args, "--interval-ms", 1, 3600000);
        else if (args_is(args, "--count"))
            count = args_number(args, "--count", 1, UINT32_MAX);
        else if (args_is(args, "--root")) {
            host_files_under(args_value(args, "--root"));
            elsewhere = true;
        } else if (args_is(args, "--speed"))
            speed = args_number(args, "--speed", 1, 100000);
        else if (args_is(args, "--reader"))
            readers_ask(args_value(args, "--reader"));
        else if (args_is(args, "--select"))
            followed_add(args_value(args, "--select"));
        else if (args_is(args, "--files"))
            files_ask(args_value(args, "--files"));
        else if (args_is(args, "--lines"))
            files_ask_lines(args_value(args, "--lines"));
        else
            args_unexpected(args, "sample");
    }
    if (elsewhere && followed_any())
        fail(FAIL_USAGE, NULL, "The processes of this machine are not those of --root: --select cannot be given with it.");
    if (speed != 1 && !elsewhere)
        fail(FAIL_USAGE, NULL, "Only a machine under --root can be played at another --speed.");
    cpus_begin(interval_ms);
    begun_ns = now_ns();
    uint64_t interval = interval_ms * NS_PER_MS, next = begun_ns;
    for (uint64_t made = 0;;) {
        write_sample(made++);
        if (made == count)
            return;
        next += interval;
        uint64_t now = sampler_now();
        if (now > next) /* moments that were missed are skipped, not made up for */
            next += (now - next) / interval * interval + interval;
        sleep_until(begun_ns + (next - begun_ns) / speed);
    }
}
