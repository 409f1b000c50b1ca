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

#define THP_DIR "/sys/kernel/mm/transparent_hugepage"

static size_t base_bytes(void)
{
    return pages_base().bytes;
}

/* Pages of one of the kernel's pools, which are set aside for who asks for them by size. */
static bool is_reserved(struct pages pages)
{
    return !pages.thp && pages.bytes != base_bytes();
}

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

/* The reserved pages of this size on a node (or of the whole host where it has no nodes); false: no such page size. */
static bool reserved_pages(int node, size_t unit, const char *which, long long *number)
{
    char *dir = numa_present() ? words("/sys/devices/system/node/node%d/hugepages", node) : words("/sys/kernel/mm/hugepages");
    char *file = words("%s/hugepages-%zukB/%s", dir, unit / 1024, which);
    bool found = read_number(number, "%s", file);
    free(dir);
    free(file);
    return found;
}

/* By its usual name: 2m. */
static char *page_name(size_t bytes)
{
    size_t k = 1024, m = k * 1024, g = m * 1024;
    return bytes % g == 0 ? words("%zug", bytes / g) : bytes % m == 0 ? words("%zum", bytes / m) : words("%zuk", bytes / k);
}

/* Whoever started the agent on another host adds where (`onHost`, src/remote/agent/run-agent.ts). */
__attribute__((noreturn)) static void fail_reserved(int node, size_t unit, long long need)
{
    long long free_pages = 0;
    reserved_pages(node, unit, "free_hugepages", &free_pages);
    fail(FAIL_NO_HUGE_PAGES,
         words("Reserve them: numa-pinboard hugepages reserve --node %d --pages %s --count %lld   (back as it was: numa-pinboard hugepages undo)",
               node, page_name(unit), need),
         "NUMA node %d has %lld free huge pages of %zu kB, and %lld are needed.", node, free_pages, unit / 1024, need);
}

/* Pages of the kernel's pool, node by node. It is checked because a lack would otherwise be a SIGBUS at first touch. */
static void check_reserved(size_t bytes, size_t unit, const struct want *want)
{
    /* A preferred node may be helped out by any other. */
    bool any = want->spread == SPREAD_ANYWHERE || want->spread == SPREAD_PREFERRED;
    struct cpuset nodes = any ? numa_usable() : want->nodes;
    long long need = (long long)(round_up(bytes, unit) / unit), all = 0;
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        long long number = 0, own = (long long)((double)need * want_share(want, node) + 0.999);
        reserved_pages(node, unit, "free_hugepages", &number);
        all += number;
        if (!any && number < own)
            fail_reserved(node, unit, own);
    }
    if (all < need)
        fail_reserved(set_next(&nodes, -1), unit, need);
}

/* A bound allocation that does not fit would wake the OOM killer, perhaps on somebody else's work. */
static void check_room(size_t bytes, const struct want *want)
{
    bool any = want->spread == SPREAD_ANYWHERE || want->spread == SPREAD_PREFERRED;
    struct cpuset nodes = any ? numa_usable() : want->nodes;
    uint64_t all = 0;
    for (int node = set_next(&nodes, -1); node >= 0; node = set_next(&nodes, node)) {
        uint64_t room = numa_room(node), share = (uint64_t)((double)bytes * want_share(want, node));
        all += room;
        if (!any && room < share)
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

void region_check(size_t bytes, struct pages pages, const struct want *want)
{
    if (pages.thp)
        check_thp();
    if (is_reserved(pages))
        check_reserved(bytes, pages.bytes, want);
    else
        check_room(round_up(bytes, pages.bytes), want);
}

static void bind(const struct region *region)
{
    const struct want *want = &region->want;
    static const int policy[] = {
        [SPREAD_TOUCH] = POLICY_LOCAL,           [SPREAD_NODE] = POLICY_BIND,
        [SPREAD_PREFERRED] = POLICY_PREFERRED,   [SPREAD_INTERLEAVE] = POLICY_INTERLEAVE,
        [SPREAD_WEIGHTED] = POLICY_WEIGHTED_INTERLEAVE,
    };
    static const struct cpuset none;
    if (want->spread == SPREAD_ANYWHERE || !numa_present())
        return;
    int result = policy_of_range(region->base, region->bytes, policy[want->spread], want->spread == SPREAD_TOUCH ? &none : &want->nodes);
    struct cpuset usable = numa_usable();
    /* With one node there is nothing to choose; first touch is what happens anyway, and where it led to is looked at. */
    if (result == 0 || set_count(&usable) == 1 || want->spread == SPREAD_TOUCH)
        return;
    fail(result == -ENOSYS ? FAIL_UNSUPPORTED : FAIL_PERMISSION,
         "In a container, allow the memory policy calls: docker run --cap-add SYS_NICE",
         "Memory cannot be bound to the NUMA nodes %s: mbind: %s.", set_text(&want->nodes), strerror(-result));
}

/* The signal comes to the thread that touched. */
static _Thread_local sigjmp_buf no_page;
static _Thread_local volatile sig_atomic_t bringing_in;

static void on_bus_error(int number)
{
    if (bringing_in)
        siglongjmp(no_page, number);
    signal(SIGBUS, SIG_DFL); /* not ours: the access that failed fails again, and ends the process */
}

/*
 * MADV_POPULATE_WRITE reports a lack as an error; older kernels (and some sandboxes) do not have it, so that every page is touched
 * too, with SIGBUS turned into the same error. The handler stays, for other threads may be at the same.
 */
bool region_bring_in(const struct region *region, size_t from, size_t to)
{
    unsigned char *start = region->base + round_up(from, region->pages.bytes), *end = region->base + round_up(to, region->pages.bytes);
    if (end > region->base + region->bytes)
        end = region->base + region->bytes;
    if (start >= end)
        return true;
    size_t bytes = (size_t)(end - start);
    while (madvise(start, bytes, MADV_POPULATE_WRITE) != 0)
        if (errno != EINTR && errno != EAGAIN) {
            if (errno == EINVAL)
                break;
            return false;
        }
    struct sigaction catch = { .sa_handler = on_bus_error, .sa_flags = SA_NODEFER };
    sigaction(SIGBUS, &catch, NULL);
    bool whole = sigsetjmp(no_page, 1) == 0;
    bringing_in = whole;
    for (size_t at = 0; whole && at < bytes; at += base_bytes())
        ((volatile unsigned char *)start)[at] = 0;
    bringing_in = false;
    if (whole && region->pages.thp)
        madvise(start, bytes, MADV_COLLAPSE); /* where fragmentation left small pages; verified later */
    return whole;
}

void region_reserve(struct region *region, size_t bytes, struct pages pages, const struct want *want)
{
    size_t unit = pages.bytes, base = base_bytes();
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
            region_lack(region);
        fail(FAIL_NO_MEMORY, NULL, "%zu bytes cannot be mapped: %s.", region->bytes, strerror(errno));
    }
    bind(region);
    if (!is_reserved(pages))
        madvise(region->base, region->bytes, pages.thp ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    madvise(region->base, region->bytes, MADV_DONTDUMP);
}

void region_lack(const struct region *region)
{
    int node = set_next(&region->want.nodes, -1);
    if (is_reserved(region->pages))
        fail_reserved(node < 0 ? 0 : node, region->pages.bytes, (long long)(region->bytes / region->pages.bytes));
    fail(FAIL_NO_MEMORY, NULL, "%zu bytes cannot be brought in: the memory that was free has been taken meanwhile.", region->bytes);
}

void region_map(struct region *region, size_t bytes, struct pages pages, const struct want *want)
{
    region_reserve(region, bytes, pages, want);
    if (!region_bring_in(region, 0, region->bytes))
        region_lack(region);
}

void region_unmap(struct region *region)
{
    munmap(region->outer, region->outer_bytes);
    *region = (struct region){ 0 };
}
