/*
 * Owns: the command `sample`: the raw contents of the files that change, one line an interval. Descriptors stay open and
 * are read anew by pread, which is what makes a sample cost a fraction of a millisecond.
 */
#define _GNU_SOURCE
#include "args.h"
#include "clock.h"
#include "commands.h"
#include "followed.h"
#include "host_files.h"
#include "json.h"
#include "readers.h"
#include "report.h"
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FILES = 8192, SKIPPED = 16 };

static struct {
    char *path;
    int fd;
} file[FILES];
static bool asks_readers;
static int files;

/* Lines that begin so are left out of every file. */
static const char *skipped[SKIPPED];
static int skips;

/* A file that cannot be opened is left out: who reads the samples sees that the key is missing. */
static void open_file(char *path)
{
    int fd = files < FILES ? host_open("%s", path) : -1;
    if (fd < 0) {
        free(path);
        return;
    }
    file[files].path = path;
    file[files++].fd = fd;
}

/* Opens what the first of the patterns that fits any file fits; between the patterns are bars. */
static void open_files(char *patterns)
{
    bool fits = false;
    for (char *rest = patterns, *pattern; !fits && (pattern = strsep(&rest, "|")) != NULL;) {
        glob_t found = host_glob(pattern);
        fits = found.gl_pathc > 0;
        for (size_t i = 0; i < found.gl_pathc; i++)
            open_file(words("%s", host_path(found.gl_pathv[i])));
        globfree(&found);
    }
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max; /* many nodes times many page sizes */
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool is_skipped(const char *line)
{
    for (int i = 0; i < skips; i++)
        if (strncmp(line, skipped[i], strlen(skipped[i])) == 0)
            return true;
    return false;
}

/* Takes the skipped lines out; what is left begins where the text did. Returns its length. */
static size_t keep_lines(char *text)
{
    char *to = text;
    for (char *line = text, *end; *line != '\0'; line = end) {
        char *newline = strchr(line, '\n');
        end = newline != NULL ? newline + 1 : line + strlen(line);
        if (is_skipped(line))
            continue;
        memmove(to, line, (size_t)(end - line));
        to += end - line;
    }
    return (size_t)(to - text);
}

static void write_files(struct json *json)
{
    static struct text text;
    json_key(json, "files");
    json_open(json, '{');
    for (int i = 0; i < files; i++) {
        if (text_read_fd(&text, file[i].fd) != 0)
            continue; /* a node that went away */
        json_key(json, file[i].path + 1);
        json_text_n(json, text.bytes, keep_lines(text.bytes));
    }
    json_close(json, '}');
}

static void write_sample(void)
{
    uint64_t now = now_ns();
    struct json *json = report_begin("sample");
    report_moment(json, now);
    write_files(json);
    if (asks_readers)
        readers_write(json, now);
    followed_write(json, false);
    report_end();
}

void command_sample(struct args *args)
{
    uint64_t interval_ms = 1000, count = 0;
    raise_file_limit();
    while (args->at < args->count) {
        if (args_is(args, "--interval-ms"))
            interval_ms = args_number(args, "--interval-ms", 1, 3600000);
        else if (args_is(args, "--count"))
            count = args_number(args, "--count", 1, UINT32_MAX);
        else if (args_is(args, "--select"))
            followed_add(args_value(args, "--select"));
        else if (args_is(args, "--root"))
            host_files_under(args_value(args, "--root"));
        else if (args_is(args, "--reader")) {
            readers_ask(args_value(args, "--reader"));
            asks_readers = true;
        } else if (args_is(args, "--files"))
            open_files(args_value(args, "--files"));
        else if (skips < SKIPPED && args_is(args, "--skip-lines"))
            skipped[skips++] = args_value(args, "--skip-lines");
        else
            args_unexpected(args, "sample");
    }
    uint64_t interval = interval_ms * NS_PER_MS, next = now_ns();
    for (uint64_t made = 1;; made++) {
        write_sample();
        if (made == count)
            return;
        next += interval;
        uint64_t now = now_ns();
        if (now > next) /* moments that were missed are skipped, not made up for */
            next += (now - next) / interval * interval + interval;
        sleep_until(next);
    }
}
