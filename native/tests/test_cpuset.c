/* Owns: the check that lists of ids are read and written as the kernel writes them, up to its 8,192 CPUs. */
#include "check.h"
#include "cpuset.h"

#include <stdlib.h>

static void same(const char *text, const char *wanted)
{
    struct cpuset set;
    CHECK(set_parse(&set, text));
    char *got = set_text(&set);
    CHECK_TEXT(got, wanted);
    free(got);
}

int main(void)
{
    struct cpuset set, other;
    same("", "");
    same("\n", "");
    same("0\n", "0");
    same("0-3,8", "0-3,8");
    same("3,2,1,0,8-8", "0-3,8");
    same(" 0-1023,1025 \n", "0-1023,1025");
    same("63-64,127-128,8191", "63-64,127-128,8191");
    same("0-8191", "0-8191");

    static const char *const wrong[] = { "a", "-1", "1-", "3-1", "1,,2", "1,", "8192", "99999999999999999999", "1 2", "0x1", "1-2-3", ",1" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CHECK(!set_parse(&set, wrong[i]));
        if (set_parse(&set, wrong[i]))
            fprintf(stderr, "  \"%s\" was taken for a list\n", wrong[i]);
    }

    /* The longest list there is: every second id. */
    set = (struct cpuset){ 0 };
    for (int id = 0; id < SET_BITS; id += 2)
        set_add(&set, id);
    char *long_text = set_text(&set);
    CHECK(set_parse(&other, long_text));
    CHECK(set_equal(&set, &other));
    CHECK(set_count(&set) == SET_BITS / 2);
    free(long_text);

    CHECK(set_parse(&set, "5,64,1000"));
    CHECK(set_next(&set, -1) == 5 && set_next(&set, 5) == 64 && set_next(&set, 64) == 1000 && set_next(&set, 1000) == -1);
    CHECK(set_has(&set, 64) && !set_has(&set, 65) && !set_has(&set, -1) && !set_has(&set, SET_BITS));
    CHECK(set_parse(&other, "0-999"));
    CHECK(!set_within(&set, &other));
    set = set_both(&set, &other);
    CHECK(set_within(&set, &other) && set_count(&set) == 2);
    set = set_of(7);
    CHECK(set_count(&set) == 1 && set_has(&set, 7));
    return failed;
}
