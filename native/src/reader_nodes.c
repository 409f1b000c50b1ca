/*
 * Owns: the reader `nodes`: memory (kB), allocation counters (pages) and huge pages of each node. Descriptors stay open; a
 * node that comes or goes makes them be opened anew. A kernel without NUMA has one node, 0, with the machine's memory.
 */
#include "host_files.h"
#include "readers.h"
#include "text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 16384 };

enum kind { MEMORY, MEMORY_OF_ALL, COUNTERS, NUMBER };

static struct file {
    int fd, node;
    enum kind kind;
    char row[48]; /* of a NUMBER */
} *file;
static size_t files;
static struct text text, online, online_before;
static int online_fd = -1;

static void open_file(enum kind kind, int node, const char *row, const char *path)
{
    int fd = files < FILES ? host_open("%s", path) : -1;
    if (fd < 0)
        return;
    if ((files & (files - 1)) == 0 && (file = realloc(file, (files == 0 ? 1 : files * 2) * sizeof *file)) == NULL)
        abort();
    file[files] = (struct file){ .fd = fd, .node = node, .kind = kind };
    snprintf(file[files++].row, sizeof file->row, "%s", row);
}

/* Pools of huge pages, by size: rows such as "hugepages-2048kB/free_hugepages". */
static void open_pools(int node, const char *folder)
{
    char pattern[PATH_MAX];
    for (int free = 0; free <= 1; free++) {
        snprintf(pattern, sizeof pattern, "%s/hugepages/hugepages-*/%s", folder, free ? "free_hugepages" : "nr_hugepages");
        glob_t found = host_glob(pattern);
        for (size_t i = 0; i < found.gl_pathc; i++) {
            const char *path = host_path(found.gl_pathv[i]);
            open_file(NUMBER, node, strstr(path, "/hugepages/") + strlen("/hugepages/"), path);
        }
        globfree(&found);
    }
}

static void open_all(void)
{
    char folder[64], path[96];
    struct cpuset nodes;
    for (; files > 0; files--)
        close(file[files - 1].fd);
    if (online_fd < 0 || !set_parse(&nodes, online.bytes)) {
        open_file(MEMORY_OF_ALL, 0, "", "/proc/meminfo");
        open_pools(0, "/sys/kernel/mm");
        return;
    }
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        snprintf(folder, sizeof folder, "/sys/devices/system/node/node%d", node);
        snprintf(path, sizeof path, "%s/meminfo", folder);
        open_file(MEMORY, node, "", path);
        snprintf(path, sizeof path, "%s/numastat", folder);
        open_file(COUNTERS, node, "", path);
        open_pools(node, folder);
    }
}

const char *reader_nodes_begin(void)
{
    online_fd = host_open("/sys/devices/system/node/online");
    return NULL;
}

static void set_memory(struct table *table, const struct file *one)
{
    static const char *const field[] = { "MemTotal", "MemFree", "FilePages", "AnonPages", "Slab" };
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++) {
        long long kb = field_number(text.bytes, field[i], -1);
        if (one->kind == MEMORY_OF_ALL && strcmp(field[i], "FilePages") == 0 && (kb = field_number(text.bytes, "Cached", -1)) >= 0)
            kb += field_number(text.bytes, "Buffers", 0);
        if (kb >= 0)
            table_set(table, field[i], one->node, kb);
    }
}

/* Lines such as "numa_hit 123". */
static void set_counters(struct table *table, int node)
{
    for (char *line = text.bytes, *end; *line != '\0'; line = end) {
        end = line + strcspn(line, "\n");
        end += *end != '\0';
        char *blank = memchr(line, ' ', (size_t)(end - line));
        if (blank == NULL)
            continue;
        *blank = '\0';
        if (strcmp(line, "interleave_hit") != 0)
            table_set(table, line, node, strtoll(blank + 1, NULL, 10));
    }
}

const char *reader_nodes_read(struct table *table)
{
    if (online_fd >= 0 && text_read_fd(&online, online_fd) != 0)
        return "/sys/devices/system/node/online cannot be read.";
    if (files == 0 || (online_fd >= 0 && strcmp(online.bytes, online_before.bytes) != 0)) {
        open_all();
        struct text before = online_before;
        online_before = online;
        online = before;
    }
    for (size_t i = 0; i < files; i++) {
        if (text_read_fd(&text, file[i].fd) != 0)
            continue; /* a node that is going away */
        switch (file[i].kind) {
        case MEMORY:
        case MEMORY_OF_ALL: set_memory(table, &file[i]); break;
        case COUNTERS: set_counters(table, file[i].node); break;
        case NUMBER: table_set(table, file[i].row, file[i].node, strtoll(text.bytes, NULL, 10)); break;
        }
    }
    return files > 0 ? NULL : "Neither files of nodes nor /proc/meminfo can be read.";
}
