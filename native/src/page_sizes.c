/* Owns: the sizes of pages this host has, by name (declared in pages.h). */
#include "pages.h"
#include "kernel.h"
#include "report.h"
#include "text.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POOLS "/sys/kernel/mm/hugepages"

struct pages pages_base(void)
{
    return (struct pages){ .bytes = (size_t)sysconf(_SC_PAGESIZE) };
}

static struct pages pages_thp(void)
{
    long long bytes;
    bool known = read_number(&bytes, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size") && bytes > 0;
    return (struct pages){ .thp = true, .bytes = known ? (size_t)bytes : (size_t)2 << 20 };
}

char *pages_name(size_t bytes)
{
    static const char unit[] = "kmg";
    size_t number = bytes / 1024;
    int at = 0;
    while (at < 2 && number >= 1024 && number % 1024 == 0) {
        number /= 1024;
        at++;
    }
    return words("%zu%c", number, unit[at]);
}

/* 0: no name of a size. */
static size_t size_named(const char *text)
{
    char unit, more;
    unsigned number;
    if (sscanf(text, "%5u%c%c", &number, &unit, &more) != 2 || number == 0)
        return 0;
    switch (unit) {
    case 'k': return (size_t)number << 10;
    case 'm': return (size_t)number << 20;
    case 'g': return (size_t)number << 30;
    default: return 0;
    }
}

/* "4k, thp, 2m and 1g", as far as the kernel has them. */
static char *sizes_here(void)
{
    char *list = pages_name(pages_base().bytes);
    DIR *pools = opendir(POOLS);
    for (struct dirent *entry; pools != NULL && (entry = readdir(pools)) != NULL;) {
        unsigned long kb;
        if (sscanf(entry->d_name, "hugepages-%lukB", &kb) == 1)
            list = words("%s, %s", list, pages_name((size_t)kb * 1024));
    }
    if (pools != NULL)
        closedir(pools);
    return access("/sys/kernel/mm/transparent_hugepage", X_OK) == 0 ? words("%s, thp", list) : list;
}

struct pages pages_parse(const char *text)
{
    if (strcmp(text, "thp") == 0)
        return pages_thp();
    struct pages base = pages_base(), named = { .bytes = strcmp(text, "base") == 0 ? base.bytes : size_named(text) };
    if (named.bytes == 0)
        fail(FAIL_USAGE, NULL, "pages is base, thp or a size such as 4k or 2m, not \"%s\".", text);
    char *pool = words(POOLS "/hugepages-%zukB", named.bytes / 1024);
    if (named.bytes != base.bytes && access(pool, X_OK) != 0)
        fail(FAIL_UNSUPPORTED, words("Ask for one of those it has: %s.", sizes_here()), "This host has no pages of %s.", text);
    free(pool);
    return named;
}
