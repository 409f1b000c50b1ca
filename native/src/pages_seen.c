/*
 * Owns: what a region of pages.h turned out to be. Two witnesses: move_pages without a target says on which node every
 * page lies, /proc/self/smaps says how large the pages are.
 */
#include "json.h"
#include "numa.h"
#include "pages.h"
#include "text.h"
#include "validity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Pages asked about in one call. */
enum { CHUNK = 4096 };
enum { NODES = sizeof((struct found *)0)->on_node / sizeof(uint64_t) };
/* How far interleaved pages may be from their even share: 5 % of it, or the pages of a round. */
#define ROUND_PAGES 0.05
#define ROUND_PAGES_LEAST 2.0

/* The part of smaps about the mapping that holds `base`, cut out of `text`; NULL where there is none. */
static char *mapping_of(char *text, const unsigned char *base)
{
    for (char *line = text; line != NULL && *line != '\0';) {
        unsigned long start, end;
        char *next = strchr(line, '\n');
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2 && start <= (unsigned long)base && (unsigned long)base < end) {
            for (char *rest = next; rest != NULL; rest = strchr(rest + 1, '\n'))
                if (sscanf(rest + 1, "%lx-%lx ", &start, &end) == 2) {
                    *rest = '\0';
                    break;
                }
            return line;
        }
        line = next != NULL ? next + 1 : NULL;
    }
    return NULL;
}

static void look_at_size(const struct region *region, struct found *found)
{
    struct text smaps = { 0 };
    char *mine = text_read(&smaps, "/proc/self/smaps") == 0 ? mapping_of(smaps.bytes, region->base) : NULL;
    if (mine != NULL) {
        long long thp, kb = field_number(mine, "KernelPageSize", 0);
        found->page_bytes = (size_t)kb * 1024;
        found->huge_bytes = (size_t)field_number(mine, "AnonHugePages", 0) * 1024;
        if (found->huge_bytes >= region->bytes && read_number(&thp, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"))
            found->page_bytes = (size_t)thp;
    }
    text_free(&smaps);
}

static void look_at_nodes(const struct region *region, struct found *found)
{
    size_t step = found->page_bytes != 0 ? found->page_bytes : (size_t)sysconf(_SC_PAGESIZE), count = region->bytes / step;
    struct cpuset usable = numa_usable();
    void *page[CHUNK];
    int status[CHUNK];
    for (size_t done = 0; done < count;) {
        size_t n = count - done < CHUNK ? count - done : CHUNK;
        for (size_t i = 0; i < n; i++)
            page[i] = region->base + (done + i) * step;
        found->error = pages_where(n, page, status);
        if (found->error != 0) {
            if (set_count(&usable) == 1) { /* with one node there is no other place */
                found->on_node[set_next(&usable, -1)] = count;
                found->error = 0;
            }
            return;
        }
        for (size_t i = 0; i < n; i++)
            if (status[i] >= 0 && status[i] < (int)(sizeof found->on_node / sizeof found->on_node[0]))
                found->on_node[status[i]]++;
            else
                found->absent++;
        done += n;
    }
}

void region_look(const struct region *region, struct found *found)
{
    memset(found, 0, sizeof *found);
    look_at_size(region, found);
    look_at_nodes(region, found);
}

static void judge_size(const struct region *region, const struct found *found, struct validity *validity)
{
    size_t base = pages_base().bytes;
    struct pages pages = region->pages;
    if (found->page_bytes == 0)
        invalidate(validity, "the page size could not be read from /proc/self/smaps");
    else if (pages.thp && found->page_bytes == base)
        invalidate(validity, "transparent huge pages hold %zu of %zu kB", found->huge_bytes / 1024, region->bytes / 1024);
    else if (!pages.thp && pages.bytes == base && found->huge_bytes > 0)
        invalidate(validity, "%zu kB lie in transparent huge pages", found->huge_bytes / 1024);
    else if (!pages.thp && found->page_bytes != pages.bytes)
        invalidate(validity, "the pages have %zu bytes, not %zu", found->page_bytes, pages.bytes);
}

/*
 * A preferred node may be helped out by others: where the pages came from stands in what was seen. Interleaved pages are dealt out in
 * turn, but a round may end early, and a large page that was made of small ones lies where most of those did.
 */
static void judge_nodes(const struct want *want, const struct found *found, struct validity *validity)
{
    uint64_t pages = 0;
    if (want->spread == SPREAD_ANYWHERE || want->spread == SPREAD_PREFERRED)
        return;
    for (int node = 0; node < NODES; node++)
        pages += found->on_node[node];
    for (int node = 0; node < NODES; node++) {
        double due = (double)pages * want_share(want, node), got = (double)found->on_node[node];
        double leeway = set_count(&want->nodes) > 1 ? (ROUND_PAGES * due > ROUND_PAGES_LEAST ? ROUND_PAGES * due : ROUND_PAGES_LEAST) : 0;
        if (due == 0 && got > 0)
            invalidate(validity, "%.0f pages lie on node %d", got, node);
        else if (due > 0 && fabs(got - due) > leeway)
            invalidate(validity, "%.0f of %llu pages lie on node %d, and the policy would have %.0f there", got, (unsigned long long)pages, node, due);
    }
}

void region_judge(const struct region *region, const struct found *found, struct validity *validity)
{
    judge_size(region, found, validity);
    if (found->error != 0)
        invalidate(validity, "where the pages lie could not be read: move_pages: %s", strerror(-found->error));
    if (found->absent > 0)
        invalidate(validity, "%llu pages are not in memory", (unsigned long long)found->absent);
    if (found->error == 0)
        judge_nodes(&region->want, found, validity);
}

void region_judge_part(const struct region *region, const struct found *whole, size_t from, size_t bytes, const struct want *want, struct validity *validity)
{
    struct region part = { .base = region->base + from, .bytes = bytes, .pages = region->pages, .want = *want };
    struct found found = { .page_bytes = whole->page_bytes };
    look_at_nodes(&part, &found);
    judge_nodes(want, &found, validity);
}

void found_add(struct found *sum, const struct found *own, bool first)
{
    if (first) {
        *sum = *own;
        return;
    }
    if (own->page_bytes != sum->page_bytes)
        sum->page_bytes = 0;
    for (int node = 0; node < NODES; node++)
        sum->on_node[node] += own->on_node[node];
    sum->absent += own->absent;
}

void found_write(struct json *json, const struct found *found)
{
    json_key(json, "nodes");
    json_open(json, '{');
    for (int node = 0; node < (int)(sizeof found->on_node / sizeof found->on_node[0]); node++)
        if (found->on_node[node] > 0) {
            json_key_id(json, node);
            json_count(json, found->on_node[node]);
        }
    json_close(json, '}');
    json_key(json, "pageBytes");
    if (found->page_bytes != 0)
        json_count(json, found->page_bytes);
    else
        json_null(json);
}
