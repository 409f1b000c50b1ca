/*
 * Owns: what the unit tests share. A check that fails says where and what, and the test ends with 1 after the last one.
 */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <stdio.h>
#include <string.h>

static int failed;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            failed = 1;                                                         \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);     \
        }                                                                       \
    } while (0)

#define CHECK_TEXT(got, wanted)                                                                         \
    do {                                                                                                \
        const char *got_ = (got), *wanted_ = (wanted);                                                  \
        if (strcmp(got_, wanted_) != 0) {                                                               \
            failed = 1;                                                                                 \
            fprintf(stderr, "%s:%d: got \"%s\", wanted \"%s\"\n", __FILE__, __LINE__, got_, wanted_);   \
        }                                                                                               \
    } while (0)

#endif
