/*
 * Owns: see sampled_pages.h. Addresses are drawn evenly from all that is mapped; the ones that turn out to be present are an even
 * sample of the resident bytes, huge pages in proportion. So that reservations of terabytes with little in them do not swallow the
 * sample, mappings are sorted by size and cut into pieces, each piece is tried, and most is then asked where most was found. A page
 * found stands for as many as its piece has addresses per asked one (a ratio estimate over strata; Cochran, Sampling Techniques, 6.11).
 */
#define _GNU_SOURCE /* strsep */
#include "sampled_pages.h"
#include "clock.h"
#include "json.h"
#include "numa.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many pieces of the mappings of one order of magnitude. */
enum { PIECES_A_SIZE = 16 };
/* Of each piece at least so many are asked: a variance needs two, and a piece that is thinly filled some luck. */
enum { LEAST = 16 };
/* Addresses asked at most, in units of the pages wanted. */
enum { MOST = 6 };
/* Small processes are asked whole: that costs no more than a sample of a large one. */
enum { WHOLE = 3 };
enum { CHUNK = 1024 };

struct range {
    uintptr_t start;
    uint64_t pages, before; /* of all ranges before it */
};

/* Addresses [from, to) on the line that all ranges make one behind the other. */
struct piece {
    uint64_t from, to;
    uint32_t asked, found;
    bool whole; /* every address of it was asked, once */
    uint32_t *on_node; /* found, by node */
};

struct space {
    pid_t pid;
    size_t page_bytes;
    struct range *range;
    size_t ranges;
    uint64_t pages;
    struct piece *piece;
    size_t pieces;
    uint64_t random;
    int nodes; /* one above the largest id */
};

/* By halving the error (Newton): the agent is linked without a mathematical library. */
static double root(double of)
{
    double root = of > 1 ? of : 1;
    for (int i = 0; of > 0 && i < 64; i++)
        root = (root + of / root) / 2;
    return of > 0 ? root : 0;
}

static uint64_t draw(struct space *space)
{
    uint64_t x = space->random; /* xorshift64 */
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return space->random = x;
}

static int larger_first(const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    if (a->pages != b->pages)
        return a->pages > b->pages ? -1 : 1;
    return a->start < b->start ? -1 : 1;
}

static int read_ranges(struct space *space)
{
    struct text maps = { 0 };
    int error = text_read(&maps, "/proc/%d/maps", space->pid);
    char *rest = error == 0 ? maps.bytes : NULL;
    size_t capacity = 0;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        char *dash;
        uintptr_t start = (uintptr_t)strtoull(line, &dash, 16), end = *dash == '-' ? (uintptr_t)strtoull(dash + 1, NULL, 16) : 0;
        if (end <= start || strstr(line, "[vsyscall]") != NULL) /* which lies above what a process can be asked about */
            continue;
        if (space->ranges == capacity) {
            capacity = capacity == 0 ? 256 : capacity * 2;
            space->range = realloc(space->range, capacity * sizeof *space->range);
            if (space->range == NULL)
                abort();
        }
        space->range[space->ranges++] = (struct range){ .start = start, .pages = (end - start) / space->page_bytes };
    }
    text_free(&maps);
    if (space->ranges > 1)
        qsort(space->range, space->ranges, sizeof *space->range, larger_first);
    for (size_t i = 0; i < space->ranges; i++) {
        space->range[i].before = space->pages;
        space->pages += space->range[i].pages;
    }
    return error;
}

static int magnitude(uint64_t pages)
{
    return 63 - __builtin_clzll(pages | 1);
}

/* The ranges of each order of magnitude as pieces of the same size. */
static void cut_pieces(struct space *space)
{
    space->piece = calloc((size_t)64 * (PIECES_A_SIZE + 1), sizeof *space->piece);
    if (space->piece == NULL)
        abort();
    for (size_t i = 0; i < space->ranges;) {
        size_t next = i;
        while (next < space->ranges && magnitude(space->range[next].pages) == magnitude(space->range[i].pages))
            next++;
        uint64_t from = space->range[i].before, to = next < space->ranges ? space->range[next].before : space->pages;
        uint64_t size = (to - from) / PIECES_A_SIZE + 1;
        for (; from < to; from += size) {
            struct piece *piece = &space->piece[space->pieces++];
            *piece = (struct piece){ .from = from, .to = from + size < to ? from + size : to };
            piece->on_node = calloc((size_t)space->nodes, sizeof *piece->on_node);
            if (piece->on_node == NULL)
                abort();
        }
        i = next;
    }
}

static void *address_of(const struct space *space, uint64_t at)
{
    size_t low = 0, high = space->ranges;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (space->range[middle].before <= at)
            low = middle;
        else
            high = middle;
    }
    return (void *)(space->range[low].start + (at - space->range[low].before) * space->page_bytes);
}

/* Asks `count` pages of the piece, by chance, or from its beginning on where it is asked whole. */
static int ask(struct space *space, struct piece *piece, uint64_t count, bool whole)
{
    static void *page[CHUNK];
    static int status[CHUNK];
    for (uint64_t done = 0; done < count;) {
        size_t now = count - done < CHUNK ? (size_t)(count - done) : CHUNK;
        for (size_t i = 0; i < now; i++)
            page[i] = address_of(space, piece->from + (whole ? done + i : draw(space) % (piece->to - piece->from)));
        int error = pages_of_process(space->pid, now, page, NULL, status);
        if (error != 0)
            return error;
        for (size_t i = 0; i < now; i++)
            if (status[i] >= 0 && status[i] < space->nodes) {
                piece->found++;
                piece->on_node[status[i]]++;
            }
        piece->asked += (uint32_t)now;
        done += now;
    }
    return 0;
}

static uint64_t size_of(const struct piece *piece)
{
    return piece->to - piece->from;
}

/* A first try everywhere, more of it in larger pieces; what is small is asked whole. */
static int first_asks(struct space *space, uint64_t asks, bool whole)
{
    int error = 0;
    for (size_t i = 0; i < space->pieces && error == 0; i++) {
        struct piece *piece = &space->piece[i];
        uint64_t size = size_of(piece), share = LEAST + asks * size / space->pages;
        piece->whole = whole || size <= share;
        error = ask(space, piece, piece->whole ? size : share, piece->whole);
    }
    return error;
}

static double pages_found(const struct piece *piece)
{
    return piece->asked == 0 ? 0 : (double)piece->found / piece->asked * (double)size_of(piece);
}

/*
 * A piece's part of the error grows with its size and with the root of how full it is (Neyman): so do the further asks. Pieces where
 * nothing was found get asks for what must be left in them of all that is resident, and no more: a terabyte may be reserved there.
 */
static double weight_of(const struct piece *piece, double left_a_page)
{
    double size = (double)size_of(piece);
    if (piece->whole || piece->asked == 0)
        return 0;
    return piece->found > 0 ? size * root((double)piece->found / piece->asked) : size * left_a_page;
}

static int more_asks(struct space *space, uint64_t want, uint64_t most, double resident)
{
    double weights = 0, found_an_ask = 0, empty = 1;
    uint64_t asked = 0, found = 0;
    for (size_t i = 0; i < space->pieces; i++) {
        const struct piece *piece = &space->piece[i];
        asked += piece->asked;
        found += piece->found;
        resident -= pages_found(piece);
        empty += piece->found == 0 ? (double)size_of(piece) : 0;
    }
    double left_a_page = resident > 0 ? resident / empty : 0;
    for (size_t i = 0; i < space->pieces; i++) {
        const struct piece *piece = &space->piece[i];
        weights += weight_of(piece, left_a_page);
        found_an_ask += weight_of(piece, left_a_page) * piece->found / (piece->asked + 1);
    }
    if (found >= want || asked >= most || weights <= 0)
        return 0;
    double asks = (double)(most - asked);
    if (found_an_ask > 0 && (double)(want - found) * weights / found_an_ask < asks)
        asks = (double)(want - found) * weights / found_an_ask;
    int error = 0;
    for (size_t i = 0; i < space->pieces && error == 0; i++) {
        struct piece *piece = &space->piece[i];
        uint64_t share = (uint64_t)(asks * weight_of(piece, left_a_page) / weights);
        error = ask(space, piece, share, false);
    }
    return error;
}

static void estimate(const struct space *space, struct sampled_pages *sampled, bool whole)
{
    double total = 0;
    for (size_t i = 0; i < space->pieces; i++) {
        const struct piece *piece = &space->piece[i];
        if (piece->asked == 0)
            continue;
        double stands_for = (double)size_of(piece) / piece->asked;
        sampled->asked += piece->asked;
        sampled->found += piece->found;
        total += pages_found(piece);
        for (int node = 0; node < space->nodes; node++)
            sampled->share[node] += (piece->on_node[node] * stands_for);
    }
    for (int node = 0; node < space->nodes && total > 0; node++)
        sampled->share[node] /= total;
    double known = (double)sampled->resident_bytes / (double)space->page_bytes;
    sampled->all = whole;
    if (whole || total == 0)
        return;
    sampled->missed = known > 0 && total < known ? (1 - total / known) : 0;
    for (size_t i = 0; i < space->pieces; i++) {
        const struct piece *piece = &space->piece[i];
        double size = (double)size_of(piece), asked = piece->asked;
        if (piece->whole || asked < 2)
            continue;
        for (int node = 0; node < space->nodes; node++) {
            /* Each ask is 1 − share for a page there, −share for one elsewhere, 0 for none. */
            double share = sampled->share[node], here = piece->on_node[node], there = piece->found - here;
            double sum = here * (1 - share) - there * share, squares = here * (1 - share) * (1 - share) + there * share * share;
            sampled->variance[node] += (size * size * (squares - sum * sum / asked) / (asked - 1) / asked / (total * total));
        }
    }
}

static void read_resident(struct sampled_pages *sampled, pid_t pid)
{
    struct text status = { 0 };
    if (text_read(&status, "/proc/%d/status", pid) == 0) {
        long long pages = field_number(status.bytes, "VmRSS", 0), pools = field_number(status.bytes, "HugetlbPages", 0);
        sampled->resident_bytes = (uint64_t)(pages + pools) * 1024;
    }
    text_free(&status);
}

void pages_sample(struct sampled_pages *sampled, pid_t pid, size_t want)
{
    struct cpuset online = numa_online();
    struct space space = { .pid = pid, .page_bytes = (size_t)sysconf(_SC_PAGESIZE), .random = now_ns() * 2 + 1 };
    for (int node = set_next(&online, -1); node >= 0 && node < SAMPLED_NODES; node = set_next(&online, node))
        space.nodes = node + 1;
    *sampled = (struct sampled_pages){ 0 };
    read_resident(sampled, pid);
    if (!numa_present()) { /* there is one node, and everything is on it */
        struct process_facts facts;
        sampled->error = process_read(&facts, pid) ? 0 : -ESRCH;
        sampled->all = true;
        sampled->share[0] = 1;
        return;
    }
    sampled->error = read_ranges(&space);
    if (sampled->error == 0 && space.pages > 0) {
        cut_pieces(&space);
        bool whole = space.pages <= (uint64_t)want * WHOLE;
        sampled->error = first_asks(&space, want / 4, whole);
        if (sampled->error == 0 && !whole)
            sampled->error = more_asks(&space, want, (uint64_t)want * MOST, (double)sampled->resident_bytes / (double)space.page_bytes);
        if (sampled->error == 0)
            estimate(&space, sampled, whole);
    }
    for (size_t i = 0; i < space.pieces; i++)
        free(space.piece[i].on_node);
    free(space.piece);
    free(space.range);
}

void pages_of_numa_maps(struct sampled_pages *sampled, pid_t pid)
{
    struct numa_maps resident = { 0 };
    double total = 0;
    *sampled = (struct sampled_pages){ .all = true };
    numa_maps_add(&resident, pid);
    sampled->error = resident.error;
    for (int node = 0; node < SAMPLED_NODES; node++) {
        sampled->resident_bytes += resident.on_node[node];
        total += (double)resident.on_node[node];
    }
    for (int node = 0; node < SAMPLED_NODES && total > 0; node++)
        sampled->share[node] = ((double)resident.on_node[node] / total);
    sampled->found = sampled->asked = sampled->resident_bytes / (uint64_t)sysconf(_SC_PAGESIZE);
}

void pages_sum_add(struct pages_sum *sum, const struct sampled_pages *sampled)
{
    sum->processes++;
    if (sampled->error != 0) {
        sum->unread++;
        sum->error = sampled->error;
        return;
    }
    double resident = (double)sampled->resident_bytes;
    sum->all = sampled->all && (sum->all || sum->processes - sum->unread == 1);
    sum->resident_bytes += sampled->resident_bytes;
    sum->asked += sampled->asked;
    sum->found += sampled->found;
    sum->missed += resident * sampled->missed;
    for (int node = 0; node < SAMPLED_NODES; node++) {
        sum->bytes[node] += resident * sampled->share[node];
        sum->variance[node] += resident * resident * sampled->variance[node];
    }
}

const char *pages_error(int error)
{
    switch (error) {
    case -EACCES:
    case -EPERM:
        return "where its pages are may be asked by the same user with the ptrace right, or root; a container may forbid the call (move_pages)";
    case -ENOENT:
    case -ESRCH: return "it has ended";
    case -ENOSYS: return "this kernel has no move_pages";
    default: return strerror(-error);
    }
}

static void write_nodes(struct json *json, const char *key, const double *bytes, double more, const double *present)
{
    json_key(json, key);
    json_open(json, '{');
    for (int node = 0; node < SAMPLED_NODES; node++)
        if (present[node] > 0) {
            json_key_id(json, node);
            json_count(json, (uint64_t)(bytes[node] + more + 0.5));
        }
    json_close(json, '}');
}

void pages_sum_write(struct json *json, const struct pages_sum *sum)
{
    static double margin[SAMPLED_NODES];
    json_open(json, '{');
    if (sum->processes == sum->unread) {
        json_key(json, "unavailable");
        json_text(json, sum->processes == 0 ? "there is no such process" : pages_error(sum->error));
        json_close(json, '}');
        return;
    }
    for (int node = 0; node < SAMPLED_NODES; node++)
        margin[node] = sum->all ? 0 : 1.96 * root(sum->variance[node]);
    write_nodes(json, "nodes", sum->bytes, 0, sum->bytes);
    write_nodes(json, "margins", margin, sum->missed, sum->bytes);
    json_key(json, "residentBytes");
    json_count(json, sum->resident_bytes);
    json_key(json, "asked");
    json_count(json, sum->asked);
    json_key(json, "found");
    json_count(json, sum->found);
    json_key(json, "all");
    json_flag(json, sum->all);
    json_key(json, "processes");
    json_count(json, sum->processes);
    json_key(json, "unread");
    json_count(json, sum->unread);
    json_close(json, '}');
}
