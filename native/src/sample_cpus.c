/*
 * Owns: how busy each CPU was since the line before, from /proc/stat, in about two thirds of a character a CPU. A share is a whole
 * number of `of`ths; two characters, of the 93 that JSON needs no escape for, are a number up to 8,648:
 *
 *   of 8000   one CPU: its share, or 8000 + 1 where it had no tick
 *   of 18     three CPUs: shares a + 20 b + 400 c, each 0 to 18, or 19 where it had no tick; that is as fine as ten ticks are
 *   above     n - 8001 of such numbers in a row are as they were in the line before; the last ones of a line are left out
 *
 * A line that names the CPUs begins anew: before it none of them had a share.
 */
#include "host_files.h"
#include "json.h"
#include "report.h"
#include "sample.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { FINE = 8000, COARSE = 18, COARSE_BASE = 20, COARSE_CPUS = 3, SAME = 8001, DIGITS = 93, LONGEST_RUN = DIGITS * DIGITS - 1 - SAME };
/* Characters a second that shares may take before they are told coarsely. */
enum { CHARACTERS_A_SECOND = 8192 };

static struct cpu {
    uint64_t ticks[SPENT], spent[SPENT];
    double share; /* below 0: it had no tick */
} cpu[SET_BITS];
static bool there[SET_BITS], was[SET_BITS];
static int top; /* above every id so far */

static int fd, order[SET_BITS], cpus;
static uint64_t interval;
static struct text stat;
static bool named; /* the line before had the same CPUs */
static int told[SET_BITS]; /* numbers of the line before */
static int of;

void cpus_begin(uint64_t interval_ms)
{
    interval = interval_ms;
    fd = host_open("/proc/stat");
    if (fd < 0)
        fail(FAIL_UNSUPPORTED, "Check that /proc is mounted there.", "/proc/stat cannot be read: %s.", strerror(-fd));
}

/* strtoull, which sets up a stream in musl, would take most of the time of a sample. */
static uint64_t take_number(char **at)
{
    uint64_t number = 0;
    for (; **at >= '0' && **at <= '9'; ++*at)
        number = number * 10 + (uint64_t)(**at - '0');
    return number;
}

/* The fields of a line of one CPU: user nice system idle iowait irq softirq steal; guest time is inside user time (proc(5)). */
static void take_fields(struct cpu *one, char *at, bool known)
{
    static const enum spent field[] = { SPENT_USER, SPENT_USER, SPENT_SYSTEM, SPENT_IDLE, SPENT_IOWAIT, SPENT_SYSTEM, SPENT_SYSTEM, SPENT_STEAL };
    uint64_t now[SPENT] = { 0 }, all = 0, idle = 0;
    for (size_t i = 0; i < sizeof field / sizeof field[0] && *at == ' '; i++) {
        at++;
        now[field[i]] += take_number(&at);
    }
    for (int i = 0; i < SPENT; i++) {
        /* Kind by kind: iowait may run backwards while others go on. */
        uint64_t ticks = known && now[i] > one->ticks[i] ? now[i] - one->ticks[i] : 0;
        one->ticks[i] = now[i];
        one->spent[i] = known ? one->spent[i] + ticks : 0;
        all += ticks;
        idle += i == SPENT_IDLE || i == SPENT_IOWAIT ? ticks : 0;
    }
    one->share = all == 0 ? -1 : (double)(all - idle) / (double)all;
}

void cpus_read(void)
{
    memcpy(was, there, (size_t)top * sizeof there[0]);
    memset(there, 0, (size_t)top * sizeof there[0]);
    if (text_read_fd(&stat, fd) != 0)
        stat.bytes[0] = '\0';
    for (char *line = stat.bytes; line != NULL && strncmp(line, "cpu", 3) == 0; line = strchr(line, '\n'), line += line != NULL) {
        char *at = line + 3;
        uint64_t id = take_number(&at);
        if (at == line + 3 || id >= SET_BITS || there[id])
            continue; /* the sum of all */
        if ((int)id >= top)
            top = (int)id + 1;
        /* A CPU that has just come, or come back, has no interval yet. */
        take_fields(&cpu[id], at, was[id]);
        there[id] = true;
    }
    cpus = 0;
    named = named && memcmp(was, there, (size_t)top * sizeof there[0]) == 0;
    for (int id = 0; id < top; id++)
        if (there[id])
            order[cpus++] = id;
}

bool cpus_take_spent(int id, uint64_t spent[SPENT])
{
    if (id < 0 || id >= SET_BITS || !there[id])
        return false;
    memcpy(spent, cpu[id].spent, sizeof cpu[id].spent);
    memset(cpu[id].spent, 0, sizeof cpu[id].spent);
    return true;
}

static int level(int place)
{
    double share = place < cpus ? cpu[order[place]].share : -1;
    return share < 0 ? of + 1 : (int)(share * of + 0.5);
}

/* The number that stands for the CPUs from this place on. */
static int number(int place)
{
    return of == FINE ? level(place) : level(place) + COARSE_BASE * level(place + 1) + COARSE_BASE * COARSE_BASE * level(place + 2);
}

static void write_number(struct json *json, int value)
{
    char pair[2] = { (char)(' ' + value / DIGITS), (char)(' ' + value % DIGITS) };
    for (int i = 0; i < 2; i++) {
        pair[i] = (char)(pair[i] + (pair[i] >= '"'));
        pair[i] = (char)(pair[i] + (pair[i] >= '\\'));
    }
    json_raw(json, pair, 2);
}

static void write_names(struct json *json)
{
    struct cpuset ids = { 0 };
    for (int i = 0; i < cpus; i++)
        set_add(&ids, order[i]);
    of = 1000 * 2 * (uint64_t)cpus <= CHARACTERS_A_SECOND * interval ? FINE : COARSE;
    json_key(json, "ids");
    json_set(json, &ids);
    json_key(json, "of");
    json_integer(json, of);
    for (int i = 0; i < SET_BITS; i++)
        told[i] = of == FINE ? FINE + 1 : (COARSE + 1) * (1 + COARSE_BASE + COARSE_BASE * COARSE_BASE); /* no share */
}

static void open_cpus(struct json *json, bool *open)
{
    if (*open)
        return;
    json_key(json, "cpus");
    json_open(json, '{');
    *open = true;
}

/* What changed since the line before. */
static void write_shares(struct json *json, bool *open)
{
    int same = 0, step = of == FINE ? 1 : COARSE_CPUS;
    bool begun = false;
    for (int place = 0, at = 0; place < cpus; place += step, at++) {
        int now = number(place);
        if (now == told[at]) {
            same++;
            continue;
        }
        if (!begun) {
            open_cpus(json, open);
            json_key(json, "shares");
            json_raw(json, "\"", 1);
            begun = true;
        }
        for (int run; same > 0; same -= run) {
            run = same < LONGEST_RUN ? same : LONGEST_RUN;
            write_number(json, SAME + run);
        }
        write_number(json, now);
        told[at] = now;
    }
    if (!begun)
        return;
    json_raw(json, "\"", 1);
    json->comma = true;
}

void cpus_write(struct json *json)
{
    bool open = false;
    if (!named) {
        open_cpus(json, &open);
        write_names(json);
    }
    named = true;
    write_shares(json, &open);
    if (open)
        json_close(json, '}');
}
