/*
 * Owns: stdout. One JSON object a line, each written whole; the lines common to all commands; how the agent ends when it
 * cannot do what was asked. Words for people go to stderr.
 */
#ifndef AGENT_REPORT_H
#define AGENT_REPORT_H

#include "json.h"

#include <stdint.h>

enum status { STATUS_DONE = 0, STATUS_USAGE = 2, STATUS_LACKS = 4, STATUS_GUARDED = 5 };

enum failure {
    FAIL_USAGE,
    FAIL_CPU_ABSENT,
    FAIL_CPU_FORBIDDEN,
    FAIL_NODE_ABSENT,
    FAIL_NODE_WITHOUT_MEMORY,
    FAIL_NODE_FORBIDDEN,
    FAIL_NO_HUGE_PAGES,
    FAIL_NO_MEMORY,
    FAIL_PERMISSION,
    FAIL_NOT_FOUND,
    FAIL_UNSUPPORTED,
    FAIL_INTERNAL,
};

/* Starts a line of this type; the caller adds keys and ends it. Only one line is open at a time, in one thread. */
struct json *report_begin(const char *type);
void report_end(void);

/* When it was, by the one clock of all lines: the key "monotonicMs". */
void report_moment(struct json *json, uint64_t ns);

void report_hello(void);
void report_done(void);
void report_error(enum failure code, const char *hint, const char *message);
/* The same keys as a value within another line: one request failed, the agent goes on. */
void report_failure(struct json *json, enum failure code, const char *hint, const char *message);

/* Formatted text in fresh memory, mostly for hints: what asks for one is about to end. */
__attribute__((format(printf, 1, 2))) char *words(const char *format, ...);

/* Writes the error line and ends the process with its status. `hint` may be NULL. */
__attribute__((format(printf, 3, 4), noreturn)) void fail(enum failure code, const char *hint, const char *format, ...);

/* Words on stderr, for people. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

#endif
