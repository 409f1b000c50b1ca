/*
 * Owns: the reader `links`: bytes since the start that each socket sends over its links to others ("sent"), and that its memory controllers
 * read and write ("controller"), by the node of the CPU that counts for the socket: its first one. Intel: data flits of UPI, of which
 * nine carry 64 bytes, and the controllers' cas_count, which /sys describes. AMD: data beats of the fabric's links.
 */
#include "host_files.h"
#include "places.h"
#include "pmu.h"
#include "readers.h"
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COUNTERS = 2048, NAME = 96 };
#define AT "/sys/bus/event_source/devices"

static struct counter {
    struct pmu_counter pmu;
    const char *row;
    double bytes; /* each */
} counter[COUNTERS];
static size_t counters;
static struct text text;
static char why[320];

static void open_event(const char *pmu, uint64_t config, const char *row, double bytes, const char *words)
{
    uint32_t type;
    char event[NAME];
    if (!pmu_type(&type, pmu))
        return;
    for (int cpu = pmu_next_cpu(pmu, -1); cpu >= 0 && counters < COUNTERS; cpu = pmu_next_cpu(pmu, cpu)) {
        struct counter *one = &counter[counters];
        int error = pmu_open(&one->pmu, type, config, cpu);
        if (error == 0) {
            one->row = row;
            one->bytes = bytes;
            counters++;
        } else if (why[0] == '\0') {
            snprintf(event, sizeof event, "%s/%s/", pmu, words);
            pmu_explain(why, sizeof why, error, event);
        }
    }
}

/* Each box of a kind ("uncore_upi_0", "uncore_upi_1" …). */
static void each(const char *pattern, void (*act)(const char *pmu))
{
    char whole[NAME];
    snprintf(whole, sizeof whole, AT "/%s", pattern);
    glob_t found = host_glob(whole);
    for (size_t i = 0; i < found.gl_pathc; i++)
        act(strrchr(found.gl_pathv[i], '/') + 1);
    globfree(&found);
}

static void open_coded(const char *pmu, uint64_t event, uint64_t umask, double bytes)
{
    char words[48];
    uint64_t config = 0;
    snprintf(words, sizeof words, "event=0x%llx,umask=0x%llx", (unsigned long long)event, (unsigned long long)umask);
    if (pmu_field(&config, pmu, "event", event) && pmu_field(&config, pmu, "umask", umask))
        open_event(pmu, config, "sent", bytes, words);
}

/* TxL_FLITS.ALL_DATA of Skylake and later. */
static void open_upi(const char *pmu)
{
    open_coded(pmu, 0x02, 0x0f, 64.0 / 9);
}

/* Outbound data of links to other sockets, by family: 17h and 19h before Zen 4 count 32 bytes a packet, Zen 4 and Zen 5 beats of 64. */
static void open_fabric(const char *pmu)
{
    static const struct {
        uint64_t first, step, umask;
        int links;
        double bytes;
    } zen2 = { 0x7c7, 0x40, 0x02, 4, 32 }, zen4 = { 0xb5f, 0x40, 0xf3e, 8, 64 }, zen5 = { 0xd5f, 0x40, 0xf3e, 6, 64 }, *kind = &zen2;
    int fd = host_open("/proc/cpuinfo");
    long long family = fd >= 0 && text_read_fd(&text, fd) == 0 ? field_number(text.bytes, "cpu family", 0) : 0;
    if (fd >= 0)
        close(fd);
    uint64_t fits = 0;
    if (family >= 0x1a)
        kind = &zen5;
    else if (pmu_field(&fits, pmu, "umask", zen4.umask)) /* since Zen 4 it has twelve bits */
        kind = &zen4;
    for (int link = 0; link < kind->links; link++)
        open_coded(pmu, kind->first + kind->step * (uint64_t)link, kind->umask, kind->bytes);
}

/* "event=0x04,umask=0x03" of a file of events, in a unit and at a scale that files beside it tell. */
static void open_described(const char *pmu, const char *name)
{
    char words[NAME];
    uint64_t config = 0;
    int fd = host_open(AT "/%s/events/%s", pmu, name);
    if (fd < 0)
        return;
    bool read = text_read_fd(&text, fd) == 0;
    close(fd);
    if (!read)
        return;
    snprintf(words, sizeof words, "%.*s", (int)strcspn(text.bytes, "\n"), text.bytes);
    char fields[NAME], *rest = fields;
    snprintf(fields, sizeof fields, "%s", words);
    for (char *field; (field = strsep(&rest, ",")) != NULL;) {
        char *equals = strchr(field, '=');
        if (equals != NULL)
            *equals = '\0';
        if (!pmu_field(&config, pmu, field, equals != NULL ? strtoull(equals + 1, NULL, 0) : 1))
            return;
    }
    fd = host_open(AT "/%s/events/%s.scale", pmu, name);
    double scale = fd >= 0 && text_read_fd(&text, fd) == 0 ? strtod(text.bytes, NULL) : 0;
    if (fd >= 0)
        close(fd);
    fd = host_open(AT "/%s/events/%s.unit", pmu, name);
    bool mib = fd >= 0 && text_read_fd(&text, fd) == 0 && strncmp(text.bytes, "MiB", 3) == 0;
    if (fd >= 0)
        close(fd);
    /* In what other units it might be, nobody could say. */
    if (scale > 0 && mib)
        open_event(pmu, config, "controller", scale * 1024 * 1024, words);
}

static void open_controller(const char *pmu)
{
    open_described(pmu, "cas_count_read");
    open_described(pmu, "cas_count_write");
}

const char *reader_links_begin(void)
{
    each("uncore_upi_[0-9]*", open_upi);
    each("amd_df", open_fabric);
    each("uncore_imc_[0-9]*", open_controller);
    if (counters > 0)
        return NULL;
    return why[0] != '\0' ? why
                          : "The kernel shows no counters of links or memory controllers here (uncore_upi, uncore_imc or amd_df), as in most virtual machines.";
}

const char *reader_links_read(struct table *table)
{
    places_read();
    /* Several counters make up one figure, which is told whole or not at all. */
    for (size_t i = 0; i < counters; i++) {
        int64_t value = pmu_read(&counter[i].pmu);
        int node = place_of(counter[i].pmu.cpu);
        if (value < 0)
            return "The counters of links and memory controllers got no hardware: others hold them (another perf).";
        table_add(table, counter[i].row, node, (int64_t)((double)value * counter[i].bytes));
    }
    return NULL;
}
