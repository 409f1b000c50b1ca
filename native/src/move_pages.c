/* Owns: see move_pages.h. */
#define _GNU_SOURCE /* strsep */
#include "move_pages.h"
#include "numa.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Pages asked for at once, from one multiple of so many to the next: a huge page moves with the first page of it that is asked for, and what
 * lay in the next chunk would be found moved already. 8192 cover the largest that is mapped in one piece (512 MiB, arm64 with 64 KiB pages).
 */
enum { CHUNK = 8192 };

/* Neighbouring pages that came from one node. */
struct span {
    uint64_t request;
    pid_t pid;
    unsigned long long began; /* the process: its number may be another's when the pages are to go back */
    uintptr_t start;
    size_t pages, page_bytes;
    int origin;
};
static struct span *span;
static size_t spans, spans_capacity;

static void remember(const struct span *one)
{
    struct span *last = spans > 0 ? &span[spans - 1] : NULL;
    if (last != NULL && last->request == one->request && last->pid == one->pid && last->page_bytes == one->page_bytes &&
        last->origin == one->origin && last->start + last->pages * last->page_bytes == one->start) {
        last->pages += one->pages;
        return;
    }
    if (spans == spans_capacity) {
        spans_capacity = spans_capacity == 0 ? 256 : spans_capacity * 2;
        span = realloc(span, spans_capacity * sizeof *span);
        if (span == NULL)
            abort();
    }
    span[spans++] = *one;
}

/* Moves these pages and looks where they lie then: what the call says of a page in a huge one differs between kernels. */
static int move_and_look(pid_t pid, size_t count, void **pages, const int *nodes, int *status)
{
    int error = pages_of_process(pid, count, pages, nodes, status);
    /* Pages that are gone by now (-ENOENT) do not stop the others. */
    return error != 0 && error != -ENOENT ? error : pages_of_process(pid, count, pages, NULL, status);
}

struct mapping {
    uintptr_t start, end;
    size_t page_bytes;
    uint64_t present; /* pages, on any node */
};

static int move_mapping(uint64_t request, const struct process_facts *process, const struct mapping *of, const struct cpuset *from, int to,
                        struct moved_pages *sum)
{
    pid_t pid = process->pid;
    static void *pages[CHUNK];
    static int status[CHUNK], nodes[CHUNK], origin[CHUNK];
    uint64_t present = 0;
    for (uintptr_t at = of->start; at < of->end && present < of->present;) {
        size_t count = 0, chosen = 0;
        uintptr_t end = (at / (CHUNK * of->page_bytes) + 1) * (CHUNK * of->page_bytes);
        for (; at < end && at < of->end; at += of->page_bytes)
            pages[count++] = (void *)at;
        int error = pages_of_process(pid, count, pages, NULL, status);
        if (error != 0)
            return error;
        for (size_t i = 0; i < count; i++) {
            present += status[i] >= 0;
            if (!set_has(from, status[i]) || status[i] == to)
                continue;
            pages[chosen] = pages[i];
            origin[chosen] = status[i];
            nodes[chosen++] = to;
        }
        if (chosen == 0)
            continue;
        if ((error = move_and_look(pid, chosen, pages, nodes, status)) != 0)
            return error;
        for (size_t i = 0; i < chosen; i++) {
            if (status[i] == to)
                remember(&(struct span){ request, pid, process->start, (uintptr_t)pages[i], 1, of->page_bytes, origin[i] });
            *(status[i] == to ? &sum->moved_bytes : &sum->left_bytes) += of->page_bytes;
        }
    }
    return 0;
}

/* Reads a line of numa_maps: false where no page of it lies on `from`. Its end stands in maps alone. */
static bool read_mapping(struct mapping *mapping, const char *line, const struct cpuset *from)
{
    const char *size = strstr(line, " kernelpagesize_kB=");
    bool wanted = false;
    *mapping = (struct mapping){ .start = (uintptr_t)strtoull(line, NULL, 16) };
    mapping->page_bytes = size != NULL ? (size_t)strtoull(strchr(size, '=') + 1, NULL, 10) * 1024 : 0;
    for (const char *at = line; (at = strstr(at, " N")) != NULL;) {
        char *end;
        unsigned long node = strtoul(at + 2, &end, 10);
        at += 2;
        if (end == at || *end != '=' || node >= SET_BITS)
            continue;
        mapping->present += strtoull(end + 1, NULL, 10);
        wanted = wanted || set_has(from, (int)node);
    }
    return wanted && mapping->page_bytes > 0;
}

int move_pages_to(uint64_t request, pid_t pid, const struct cpuset *from, int to, struct moved_pages *sum)
{
    struct text numa = { 0 }, maps = { 0 };
    struct process_facts process;
    int error = 0;
    if (!process_read(&process, pid))
        return 0;
    if (text_read(&numa, "/proc/%d/numa_maps", pid) == 0 && text_read(&maps, "/proc/%d/maps", pid) == 0) {
        char *lines = numa.bytes, *ranges = maps.bytes;
        for (char *line; error == 0 && (line = strsep(&lines, "\n")) != NULL;) {
            struct mapping mapping;
            if (!read_mapping(&mapping, line, from))
                continue;
            /* Both files are in the order of addresses. */
            for (char *range; mapping.end == 0 && (range = strsep(&ranges, "\n")) != NULL;) {
                char *dash;
                if (strtoull(range, &dash, 16) == mapping.start && *dash == '-')
                    mapping.end = (uintptr_t)strtoull(dash + 1, NULL, 16);
            }
            error = move_mapping(request, &process, &mapping, from, to, sum);
        }
    }
    text_free(&numa);
    text_free(&maps);
    return error == -ESRCH ? 0 : error; /* it ended meanwhile */
}

static bool move_span_back(const struct span *of, struct moved_pages *sum)
{
    static void *pages[CHUNK];
    static int status[CHUNK], nodes[CHUNK];
    struct process_facts process;
    bool known = false;
    if (!process_read(&process, of->pid) || process.start != of->began)
        return false;
    for (size_t done = 0; done < of->pages;) {
        size_t count = 0;
        for (; count < CHUNK && done < of->pages; count++, done++) {
            pages[count] = (void *)(of->start + done * of->page_bytes);
            nodes[count] = of->origin;
        }
        if (move_and_look(of->pid, count, pages, nodes, status) != 0)
            return known;
        known = true;
        for (size_t i = 0; i < count; i++)
            if (status[i] >= 0)
                *(status[i] == of->origin ? &sum->moved_bytes : &sum->left_bytes) += of->page_bytes;
    }
    return known;
}

bool move_pages_back(uint64_t request, struct moved_pages *sum)
{
    bool any = false;
    size_t kept = 0;
    for (size_t i = 0; i < spans; i++) {
        if (span[i].request == request)
            any = move_span_back(&span[i], sum) || any;
        else
            span[kept++] = span[i];
    }
    spans = kept;
    return any;
}
