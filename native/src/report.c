/* Owns: see report.h. */
#define _GNU_SOURCE /* vasprintf */
#include "report.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static struct json line;

static const char *const code_name[] = {
    [FAIL_USAGE] = "usage",
    [FAIL_CPU_ABSENT] = "cpu-absent",
    [FAIL_CPU_FORBIDDEN] = "cpu-forbidden",
    [FAIL_NODE_ABSENT] = "node-absent",
    [FAIL_NODE_WITHOUT_MEMORY] = "node-without-memory",
    [FAIL_NODE_FORBIDDEN] = "node-forbidden",
    [FAIL_NO_HUGE_PAGES] = "no-huge-pages",
    [FAIL_NO_MEMORY] = "no-memory",
    [FAIL_PERMISSION] = "permission",
    [FAIL_NOT_FOUND] = "not-found",
    [FAIL_UNSUPPORTED] = "unsupported",
    [FAIL_INTERNAL] = "internal",
};

struct json *report_begin(const char *type)
{
    json_reset(&line);
    json_open(&line, '{');
    json_key(&line, "type");
    json_text(&line, type);
    return &line;
}

void report_end(void)
{
    json_close(&line, '}');
    json_raw(&line, "\n", 1);
    for (size_t sent = 0; sent < line.length;) {
        ssize_t n = write(STDOUT_FILENO, line.text + sent, line.length - sent);
        if (n > 0)
            sent += (size_t)n;
        else if (n < 0 && errno == EAGAIN)
            poll(&(struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT }, 1, 1000);
        else if (n < 0 && errno != EINTR)
            _exit(STATUS_GUARDED); /* nobody listens any more: the same as a closed stdin */
    }
}

void report_hello(void)
{
    struct utsname host;
    struct json *json = report_begin("hello");
    json_key(json, "version");
    json_integer(json, 3);
    json_key(json, "architecture");
    json_text(json, uname(&host) == 0 ? host.machine : "unknown");
    json_key(json, "pid");
    json_integer(json, getpid());
    report_end();
}

void report_moment(struct json *json, uint64_t ns)
{
    json_key(json, "monotonicMs");
    json_real(json, (double)ns / 1e6, 3);
}

void report_done(void)
{
    report_begin("done");
    report_end();
}

static void write_failure(struct json *json, enum failure code, const char *hint, const char *message)
{
    json_key(json, "code");
    json_text(json, code_name[code]);
    json_key(json, "message");
    json_text(json, message);
    json_key(json, "hint");
    if (hint != NULL)
        json_text(json, hint);
    else
        json_null(json);
}

void report_failure(struct json *json, enum failure code, const char *hint, const char *message)
{
    json_open(json, '{');
    write_failure(json, code, hint, message);
    json_close(json, '}');
}

void report_error(enum failure code, const char *hint, const char *message)
{
    write_failure(report_begin("error"), code, hint, message);
    report_end();
    say("%s%s%s", message, hint != NULL ? "\n  " : "", hint != NULL ? hint : "");
}

static char *format_words(const char *format, va_list values)
{
    char *text = NULL;
    if (vasprintf(&text, format, values) < 0)
        abort();
    return text;
}

char *words(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *text = format_words(format, values);
    va_end(values);
    return text;
}

void fail(enum failure code, const char *hint, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    report_error(code, hint, format_words(format, values));
    va_end(values);
    _exit(code == FAIL_USAGE ? STATUS_USAGE : STATUS_LACKS);
}

void say(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *text = format_words(format, values);
    va_end(values);
    dprintf(STDERR_FILENO, "numa-agent: %s\n", text);
    free(text);
}
