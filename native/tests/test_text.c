/* Owns: the check of the readers of the kernel's small files, of cases, and of the reasons against a repetition. */
#include "args.h"
#include "check.h"
#include "text.h"
#include "validity.h"

#include <errno.h>
#include <stdlib.h>

int main(void)
{
    const char *meminfo = "Node 0 MemTotal:        6645964 kB\nNode 0 Inactive(file):   376172 kB\nNode 0 Active(file):     584460 kB\n";
    CHECK(field_number(meminfo, "MemTotal", -1) == 6645964);
    CHECK(field_number(meminfo, "Active(file)", -1) == 584460);
    CHECK(field_number(meminfo, "MemFree", -1) == -1);
    CHECK(field_number("se.nr_migrations                             :                   12\n", "se.nr_migrations", -1) == 12);
    CHECK(field_number("XMemFree: 1\nMemFreeX: 2\nMemFree: 3\n", "MemFree", -1) == 3);

    struct text text = { 0 };
    CHECK(text_read(&text, "/proc/%s", "no-such-file") == -ENOENT);
    CHECK(text_read(&text, "/proc/self/%s", "stat") == 0 && text.length > 10 && text.bytes[text.length] == '\0');
    text_free(&text);
    long long number;
    CHECK(read_number(&number, "/proc/sys/kernel/%s", "pid_max") && number > 0);
    CHECK(!read_number(&number, "/proc/self/comm"));

    uint64_t parsed;
    CHECK(parse_number("0", 0, 5, &parsed) && parsed == 0);
    CHECK(parse_number("18446744073709551610", 0, UINT64_MAX, &parsed) && parsed == UINT64_MAX - 5);
    CHECK(!parse_number("18446744073709551620", 0, UINT64_MAX, &parsed));
    CHECK(!parse_number("", 0, 5, &parsed) && !parse_number("-1", 0, 5, &parsed) && !parse_number("6", 0, 5, &parsed));
    CHECK(!parse_number("1x", 0, 5, &parsed) && !parse_number(" 1", 0, 5, &parsed));

    char given[] = "producer=0,memory=,pages=a=b", *rest = given, *key, *value;
    CHECK(case_next(&rest, &key, &value) && strcmp(key, "producer") == 0 && strcmp(value, "0") == 0);
    CHECK(case_next(&rest, &key, &value) && strcmp(key, "memory") == 0 && strcmp(value, "") == 0);
    CHECK(case_next(&rest, &key, &value) && strcmp(key, "pages") == 0 && strcmp(value, "a=b") == 0);
    CHECK(!case_next(&rest, &key, &value));

    struct validity validity = { 0 };
    invalidate(&validity, "one %d", 1);
    invalidate(&validity, "two");
    CHECK(validity.invalid);
    CHECK_TEXT(validity.why, "one 1; two");
    for (int i = 0; i < 1000; i++) /* it never overruns, however much slips */
        invalidate(&validity, "number %d of many reasons", i);
    CHECK(strlen(validity.why) < sizeof validity.why);
    return failed;
}
