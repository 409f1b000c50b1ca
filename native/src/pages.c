/* Owns: mapping and bringing in the memory described in pages.h. What was got is looked at in pages_seen.c. */
#define _GNU_SOURCE /* MAP_*, madvise */
#include "pages.h"
#include "kernel.h"
#include "numa.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)
#define THP_DIR "/sys/kernel/mm/transparent_hugepage"

static size_t base_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static bool is_reserved(enum pages pages)
{
    return pages == PAGES_2M || pages == PAGES_1G;
}

static size_t unit_bytes(enum pages pages)
{
    long long thp;
    switch (pages) {
    case PAGES_2M: return 2 * MIB;
    case PAGES_1G: return 1024 * MIB;
    case PAGES_THP: return read_number(&thp, THP_DIR "/hpage_pmd_size") && thp > 0 ? (size_t)thp : 2 * MIB;
    case PAGES_BASE: break;
    }
    return base_bytes();
}

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

enum pages pages_parse(const char *text)
{
    static const char *const name[] = { [PAGES_BASE] = "4k", [PAGES_THP] = "thp", [PAGES_2M] = "2m", [PAGES_1G] = "1g" };
    for (enum pages pages = PAGES_BASE; pages <= PAGES_1G; pages++)
        if (strcmp(text, name[pages]) == 0)
            return pages;
    fail(FAIL_USAGE, NULL, "pages is 4k, thp, 2m or 1g, not \"%s\".", text);
}

struct want want_node(int node)
{
    numa_check_node(node);
    if (!numa_present())
        return (struct want){ .spread = SPREAD_ANYWHERE };
    return (struct want){ .spread = SPREAD_NODE, .nodes = set_of(node) };
}

struct want want_interleaved(void)
{
    struct cpuset nodes = numa_usable();
    if (set_count(&nodes) == 0)
        fail(FAIL_NODE_FORBIDDEN, NULL, "This login may use the memory of no NUMA node.");
    if (!numa_present())
        return (struct want){ .spread = SPREAD_ANYWHERE };
    return (struct want){ .spread = SPREAD_INTERLEAVE, .nodes = nodes };
}

struct want want_near(int cpu)
{
    int node = numa_near(cpu);
    return node < 0 ? (struct want){ .spread = SPREAD_ANYWHERE } : want_node(node);
}

/* The reserved pages of this size on a node (or of the whole host where it has no nodes); false: no such page size. */
static bool reserved_pages(int node, size_t unit, const char *which, char **path, long long *number)
{
    char *dir = numa_present() ? words("/sys/devices/system/node/node%d/hugepages", node) : words("/sys/kernel/mm/hugepages");
    char *file = words("%s/hugepages-%zukB/%s", dir, unit / 1024, which);
    bool found = read_number(number, "%s", file);
    free(dir);
    if (path != NULL)
        *path = file;
    else
        free(file);
    return found;
}

__attribute__((noreturn)) static void fail_reserved(int node, size_t unit, long long need)
{
    char *path;
    long long free_pages = 0, total = 0;
    reserved_pages(node, unit, "free_hugepages", NULL, &free_pages);
    reserved_pages(node, unit, "nr_hugepages", &path, &total);
    fail(FAIL_NO_HUGE_PAGES,
         words("Reserve them: echo %lld | sudo tee %s   (back as it was: echo %lld | sudo tee %s)",
               total + (need > free_pages ? need - free_pages : need), path, total, path),
         "NUMA node %d has %lld free huge pages of %zu kB, and %lld are needed.", node, free_pages, unit / 1024, need);
}

/* Pages of the kernel's pool, node by node. It is checked because a lack would otherwise be a SIGBUS at first touch. */
static void check_reserved(size_t bytes, size_t unit, const struct want *want)
{
    struct cpuset nodes = want->spread == SPREAD_ANYWHERE ? numa_usable() : want->nodes;
    long long need = (long long)(round_up(bytes, unit) / unit), all = 0;
    if (want->spread == SPREAD_INTERLEAVE)
        need = (need + set_count(&nodes) - 1) / set_count(&nodes);
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        long long number = 0;
        if (!reserved_pages(node, unit, "free_hugepages", NULL, &number))
            fail(FAIL_UNSUPPORTED, "The sizes it has are in /sys/kernel/mm/hugepages.", "This kernel has no pages of %zu kB.", unit / 1024);
        all += number;
        if (want->spread != SPREAD_ANYWHERE && number < need)
            fail_reserved(node, unit, need);
    }
    if (all < need)
        fail_reserved(set_next(&nodes, -1), unit, need);
}

/* A bound allocation that does not fit would wake the OOM killer, perhaps on somebody else's work. */
static void check_room(size_t bytes, const struct want *want)
{
    struct cpuset nodes = want->spread == SPREAD_ANYWHERE ? numa_usable() : want->nodes;
    uint64_t all = 0, share = want->spread == SPREAD_INTERLEAVE ? bytes / (uint64_t)set_count(&nodes) : bytes;
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        uint64_t room = numa_room(node);
        all += room;
        if (want->spread != SPREAD_ANYWHERE && room < share)
            fail(FAIL_NO_MEMORY, words("Ask for at most %" PRIu64 " bytes there.", room),
                 "NUMA node %d has room for %" PRIu64 " bytes, and %" PRIu64 " are needed.", node, room, share);
    }
    if (all < bytes)
        fail(FAIL_NO_MEMORY, words("Ask for at most %" PRIu64 " bytes.", all),
             "This host has room for %" PRIu64 " bytes, and %zu are needed.", all, bytes);
}

static void check_thp(void)
{
    struct text enabled = { 0 };
    bool known = text_read(&enabled, THP_DIR "/enabled") == 0;
    if (!known)
        fail(FAIL_UNSUPPORTED, NULL, "This kernel has no transparent huge pages.");
    if (strstr(enabled.bytes, "[never]") != NULL)
        fail(FAIL_NO_HUGE_PAGES, "Allow them to programs that ask: echo madvise | sudo tee " THP_DIR "/enabled",
             "Transparent huge pages are switched off on this host.");
    text_free(&enabled);
}

void region_check(size_t bytes, enum pages pages, const struct want *want)
{
    size_t unit = unit_bytes(pages);
    if (pages == PAGES_THP)
        check_thp();
    if (is_reserved(pages))
        check_reserved(bytes, unit, want);
    else
        check_room(round_up(bytes, unit), want);
}

static void bind(const struct region *region)
{
    const struct want *want = &region->want;
    if (want->spread == SPREAD_ANYWHERE || !numa_present())
        return;
    int result = policy_of_range(region->base, region->bytes, want->spread == SPREAD_NODE ? POLICY_BIND : POLICY_INTERLEAVE, &want->nodes);
    struct cpuset usable = numa_usable();
    if (result == 0 || set_count(&usable) == 1) /* with one node there is nothing to choose */
        return;
    fail(result == -ENOSYS ? FAIL_UNSUPPORTED : FAIL_PERMISSION,
         "In a container, allow the memory policy calls: docker run --cap-add SYS_NICE",
         "Memory cannot be bound to the NUMA nodes %s: mbind: %s.", set_text(&want->nodes), strerror(-result));
}

static sigjmp_buf no_page;

static void on_bus_error(int signal)
{
    siglongjmp(no_page, signal);
}

/*
 * Brings in every page. MADV_POPULATE_WRITE reports a lack as an error; older kernels (and some sandboxes) do not have
 * it, so that every page is touched too, with SIGBUS turned into the same error. False: not all could be had.
 */
static bool bring_in(const struct region *region)
{
    while (madvise(region->base, region->bytes, MADV_POPULATE_WRITE) != 0)
        if (errno != EINTR && errno != EAGAIN) {
            if (errno == EINVAL)
                break;
            return false;
        }
    struct sigaction catch = { .sa_handler = on_bus_error }, before;
    sigaction(SIGBUS, &catch, &before);
    bool whole = sigsetjmp(no_page, 1) == 0;
    if (whole)
        for (size_t at = 0; at < region->bytes; at += base_bytes())
            ((volatile unsigned char *)region->base)[at] = 0;
    sigaction(SIGBUS, &before, NULL);
    return whole;
}

void region_reserve(struct region *region, size_t bytes, enum pages pages, const struct want *want)
{
    size_t unit = unit_bytes(pages), base = base_bytes();
    *region = (struct region){ .bytes = round_up(bytes, unit), .pages = pages, .want = *want };
    region_check(region->bytes, pages, want);

    region->outer_bytes = region->bytes + 2 * unit + base;
    region->outer = mmap(NULL, region->outer_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    void *got = MAP_FAILED;
    if (region->outer != MAP_FAILED) {
        region->base = (unsigned char *)round_up((size_t)region->outer + base, unit);
        int huge = is_reserved(pages) ? MAP_HUGETLB | (int)((unsigned)__builtin_ctzl(unit) << HUGE_SHIFT) : 0;
        got = mmap(region->base, region->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | huge, -1, 0);
    }
    if (got == MAP_FAILED) {
        if (is_reserved(pages) && errno == ENOMEM)
            fail_reserved(set_next(&want->nodes, -1) < 0 ? 0 : set_next(&want->nodes, -1), unit, (long long)(region->bytes / unit));
        fail(FAIL_NO_MEMORY, NULL, "%zu bytes cannot be mapped: %s.", region->bytes, strerror(errno));
    }
    bind(region);
    if (!is_reserved(pages))
        madvise(region->base, region->bytes, pages == PAGES_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    madvise(region->base, region->bytes, MADV_DONTDUMP);
}

void region_map(struct region *region, size_t bytes, enum pages pages, const struct want *want)
{
    size_t unit = unit_bytes(pages);
    region_reserve(region, bytes, pages, want);
    if (!bring_in(region)) {
        if (is_reserved(pages))
            fail_reserved(set_next(&want->nodes, -1) < 0 ? 0 : set_next(&want->nodes, -1), unit, (long long)(region->bytes / unit));
        fail(FAIL_NO_MEMORY, NULL, "%zu bytes cannot be brought in: %s.", region->bytes, strerror(errno));
    }
    if (pages == PAGES_THP)
        madvise(region->base, region->bytes, MADV_COLLAPSE); /* where fragmentation left small pages; verified later */
}

void region_unmap(struct region *region)
{
    munmap(region->outer, region->outer_bytes);
    *region = (struct region){ 0 };
}
