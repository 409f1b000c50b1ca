/*
 * Owns: the reader `interrupts`: what /proc/interrupts counts since the start, which has a column a CPU and a line an interrupt
 * and is megabytes on a large host. Rows: "devices" and "between CPUs" by CPU; of each device "by NAME" by node, of the CPUs that
 * handled them, and "at NAME" with the device's own node in cell 0. Timers and the like are left out: every CPU has its own.
 */
#include "cpuset.h"
#include "host_files.h"
#include "places.h"
#include "readers.h"
#include "text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERRUPTS = 65536, DEVICES = 1024, ADDRESS = 16, NAME = 40 };

static struct device {
    char address[ADDRESS], name[NAME];
    int node;
} device[DEVICES];
static int devices;
/* By interrupt: 1 + its device, 0 where it is no PCI device's. */
static unsigned short device_of[INTERRUPTS];
static struct text text;
static int fd = -1;
static short column[SET_BITS]; /* the CPU of each column */

/* The last part of a path that a pattern fits, into `name`; false where none does. */
static bool name_by(char *name, const char *address, const char *pattern)
{
    char whole[128];
    snprintf(whole, sizeof whole, "/sys/bus/pci/devices/%s/%s", address, pattern);
    glob_t found = host_glob(whole);
    bool fits = found.gl_pathc > 0;
    if (fits)
        snprintf(name, NAME, "%.*s", NAME - 1, strrchr(found.gl_pathv[0], '/') + 1);
    globfree(&found);
    return fits;
}

/* The name that people know the device by: of its interface or disk; of an adapter of many disks its PCI address. */
static void name_device(struct device *one)
{
    static const char *const pattern[] = { "net/*", "virtio*/net/*", "virtio*/block/*", "nvme/nvme*/nvme*n*", "nvme/nvme*", "infiniband/*", "drm/card*" };
    for (size_t i = 0; i < sizeof pattern / sizeof pattern[0]; i++)
        if (name_by(one->name, one->address, pattern[i]))
            return;
    memcpy(one->name, one->address, ADDRESS); /* shorter than NAME */
}

static int device_at(const char *address)
{
    for (int i = devices; i-- > 0;)
        if (strcmp(device[i].address, address) == 0)
            return i;
    if (devices == DEVICES)
        return -1;
    struct device *one = &device[devices];
    long long node;
    snprintf(one->address, sizeof one->address, "%s", address);
    one->node = host_number(&node, "/sys/bus/pci/devices/%s/numa_node", address) && node >= 0 ? (int)node : place_alone();
    name_device(one);
    return devices++;
}

static void look_up(const char *pattern)
{
    glob_t found = host_glob(pattern);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char address[ADDRESS];
        const char *path = host_path(found.gl_pathv[i]);
        long long number = strtoll(strrchr(path, '/') + 1, NULL, 10);
        if (sscanf(path, "/sys/bus/pci/devices/%15[^/]/", address) != 1 || (number == 0 && !host_number(&number, "%s", path)))
            continue;
        int at = number > 0 && number < INTERRUPTS ? device_at(address) : -1;
        if (at >= 0 && device_of[number] == 0)
            device_of[number] = (unsigned short)(at + 1);
    }
    globfree(&found);
}

static void find_devices(void)
{
    devices = 0;
    memset(device_of, 0, sizeof device_of);
    look_up("/sys/bus/pci/devices/*/msi_irqs/*");
    look_up("/sys/bus/pci/devices/*/irq"); /* a line of old, which several may share: the first one gets it */
}

const char *reader_interrupts_begin(void)
{
    fd = host_open("/proc/interrupts");
    return fd < 0 ? "/proc/interrupts cannot be opened on this host." : NULL;
}

/* "           CPU0       CPU1 ": returns the columns. */
static int read_columns(const char *line)
{
    int columns = 0;
    for (const char *at = strstr(line, "CPU"); at != NULL && columns < SET_BITS; at = strstr(at, "CPU")) {
        at += 3;
        long cpu = strtol(at, NULL, 10);
        column[columns++] = (short)(cpu < SET_BITS ? cpu : -1);
    }
    return columns;
}

/* What stands behind the last two blanks: the driver's name for it ("virtio2-input.0"). */
static const char *action_in(const char *rest)
{
    const char *action = rest;
    for (const char *at = rest; (at = strstr(at, "  ")) != NULL; at += 2)
        action = at + 2;
    return action + strspn(action, " ");
}

static bool is_between_cpus(const char *kind, size_t length)
{
    static const char *const of[] = { "RES", "CAL", "TLB" };
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
        if (length == 3 && strncmp(kind, of[i], 3) == 0)
            return true;
    return length > 3 && strncmp(kind, "IPI", 3) == 0; /* arm64: "IPI0" … */
}

static int64_t by_node[SET_BITS]; /* -1: no CPU of it */
/* By CPU: of devices, and between CPUs. */
static int64_t total[2][SET_BITS];

static void add_device(struct table *table, const char *name, int home)
{
    char row[64];
    snprintf(row, sizeof row, "by %s", name);
    for (int node = 0; node < SET_BITS; node++)
        if (by_node[node] >= 0)
            table_add(table, row, node, by_node[node]);
    snprintf(row, sizeof row, "at %s", name);
    if (home >= 0)
        table_set(table, row, 0, home);
}

static void take_line(struct table *table, char *line, int columns)
{
    line += strspn(line, " ");
    char *colon = strchr(line, ':'), *at;
    if (colon == NULL)
        return;
    long number = isdigit((unsigned char)*line) ? strtol(line, NULL, 10) : -1;
    bool between = number < 0 && is_between_cpus(line, (size_t)(colon - line));
    if (number < 0 && !between)
        return;
    int64_t all = 0;
    at = colon + 1;
    memset(by_node, -1, sizeof by_node);
    for (int i = 0; i < columns; i++) {
        char *end;
        int64_t handled = strtoll(at, &end, 10);
        if (end == at)
            return; /* "ERR: 0", a total */
        at = end;
        all += handled;
        int node = place_of(column[i]);
        if (node >= 0)
            by_node[node] = (by_node[node] < 0 ? 0 : by_node[node]) + handled;
        if (column[i] >= 0)
            total[between][column[i]] += handled;
    }
    const char *action = action_in(at);
    if (between || all == 0 || *action == '\0')
        return;
    int of = number < INTERRUPTS ? device_of[number] - 1 : -1;
    if (of >= 0) {
        add_device(table, device[of].name, device[of].node);
        return;
    }
    char name[NAME];
    snprintf(name, sizeof name, "%s", action);
    add_device(table, name, place_alone());
}

const char *reader_interrupts_read(struct table *table)
{
    static uint64_t lines_before;
    uint64_t lines = 0;
    if (text_read_fd(&text, fd) != 0)
        return "/proc/interrupts cannot be read on this host.";
    places_read();
    for (const char *at = text.bytes; *at != '\0'; at++)
        lines += *at == '\n';
    /* A driver that was loaded or taken away changes how many lines there are. */
    if (lines != lines_before)
        find_devices();
    lines_before = lines;
    char *rest = text.bytes, *line = strsep(&rest, "\n");
    int columns = read_columns(line);
    memset(total, 0, sizeof total);
    while ((line = strsep(&rest, "\n")) != NULL)
        take_line(table, line, columns);
    for (int between = 0; between <= 1; between++)
        for (int i = 0; i < columns; i++)
            table_set(table, between ? "between CPUs" : "devices", column[i], total[between][column[i] >= 0 ? column[i] : 0]);
    return NULL;
}
