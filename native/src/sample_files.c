/*
 * Owns: texts of files that measures asked for: whole at first, then the lines that changed, of as many lines as before; or why one that
 * is there cannot be read. Descriptors stay open and are read anew by pread; what comes to fit a pattern later (a device that is plugged in) is found within ten seconds.
 */
#define _GNU_SOURCE
#include "clock.h"
#include "host_files.h"
#include "json.h"
#include "pace.h"
#include "report.h"
#include "sample.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 8192, PATTERNS = 64, PART_OF_TIME = 200 };
#define LOOK_AGAIN_NS (10 * NS_PER_SECOND)

struct file {
    char *path;
    int fd;            /* or -errno: it is there and cannot be read */
    const char *lines; /* beginnings of those that are wanted, bars between them; NULL: all are */
    struct text told;  /* what its text was last; no bytes: never */
    int refused;       /* the -errno that was told last */
};
static struct file *file;
static size_t files;
static struct {
    char *list, *lines;
} asked[PATTERNS];
static int patterns;
static struct pace pace;
static uint64_t looked_ns;
static struct text text;

void files_ask(char *list)
{
    if (patterns == PATTERNS)
        fail(FAIL_USAGE, NULL, "There are more --files than %d.", PATTERNS);
    asked[patterns++].list = list;
}

void files_ask_lines(char *beginnings)
{
    if (patterns == 0)
        fail(FAIL_USAGE, NULL, "--lines follows the --files that it is about.");
    asked[patterns - 1].lines = beginnings;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static bool is_wanted(const char *line, size_t length, const char *beginnings)
{
    for (const char *at = beginnings; at != NULL; at = strchr(at, '|'), at += at != NULL) {
        size_t size = strcspn(at, "|");
        if (size <= length && memcmp(line, at, size) == 0)
            return true;
    }
    return beginnings == NULL;
}

/* Takes the lines out that nobody wants. */
static void keep_lines(const char *beginnings)
{
    char *to = text.bytes;
    for (char *line = text.bytes, *end; *line != '\0'; line = end) {
        size_t length = strcspn(line, "\n");
        end = line + length + (line[length] == '\n');
        if (!is_wanted(line, length, beginnings))
            continue;
        memmove(to, line, (size_t)(end - line));
        to += end - line;
    }
    *to = '\0';
    text.length = (size_t)(to - text.bytes);
}

static size_t lines_in(const struct text *one)
{
    size_t lines = 0;
    for (const char *at = one->bytes; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    return lines;
}

/* { number: line, ... } of those that differ. */
static void write_lines(struct json *json, const char *before, const char *now)
{
    json_open(json, '{');
    for (int number = 0;; number++) {
        size_t was = strcspn(before, "\n"), is = strcspn(now, "\n");
        if (was != is || memcmp(before, now, is) != 0) {
            json_key_id(json, number);
            json_text_n(json, now, is);
        }
        if (now[is] == '\0')
            break;
        before += was + 1;
        now += is + 1;
    }
    json_close(json, '}');
}

static void write_file(struct json *json, struct file *one)
{
    if (one->lines != NULL)
        keep_lines(one->lines);
    if (one->told.bytes != NULL && one->told.length == text.length && memcmp(one->told.bytes, text.bytes, text.length) == 0)
        return;
    json_key(json, one->path + 1);
    if (one->told.bytes != NULL && lines_in(&one->told) == lines_in(&text))
        write_lines(json, one->told.bytes, text.bytes);
    else
        json_text_n(json, text.bytes, text.length);
    struct text before = one->told;
    one->told = text;
    text = before;
}

/* Adds what fits the first pattern of the list that fits any file, where it is not open yet. */
static void open_list(const char *list, const char *lines, size_t known)
{
    char *patterns_left = words("%s", list), *rest = patterns_left;
    size_t fits = 0;
    for (char *pattern; fits == 0 && (pattern = strsep(&rest, "|")) != NULL;) {
        glob_t found = host_glob(pattern);
        fits = found.gl_pathc;
        for (size_t i = 0; i < fits && files < FILES; i++) {
            struct file one = { .path = words("%s", host_path(found.gl_pathv[i])), .lines = lines };
            struct file *here = known > 0 ? bsearch(&one, file, known, sizeof one, by_path) : NULL;
            if (here == NULL && (one.fd = host_open("%s", one.path)) != -ENOENT) {
                file[files++] = one;
                continue;
            }
            free(one.path);
            if (here != NULL && here->fd < 0)
                here->fd = host_open("%s", here->path); /* it may be allowed by now */
        }
        globfree(&found);
    }
    free(patterns_left);
}

static void look(void)
{
    if (file == NULL && (file = malloc(FILES * sizeof *file)) == NULL)
        abort();
    size_t known = files;
    for (int i = 0; i < patterns; i++)
        open_list(asked[i].list, asked[i].lines, known);
    qsort(file, files, sizeof *file, by_path);
    size_t kept = 0;
    for (size_t i = 0; i < files; i++) {
        if (kept == 0 || strcmp(file[kept - 1].path, file[i].path) != 0) {
            file[kept++] = file[i];
            continue;
        }
        /* Two patterns fit it: both get what either wants. */
        file[kept - 1].lines = NULL;
        if (file[i].fd >= 0)
            close(file[i].fd);
        free(file[i].path);
    }
    files = kept;
}

/* A node or a device that went away: its file is null, once, and may come again. */
static void forget(struct json *json, struct file *one)
{
    if (one->told.bytes != NULL) {
        json_key(json, one->path + 1);
        json_null(json);
    }
    if (one->fd >= 0)
        close(one->fd);
    free(one->path);
    text_free(&one->told);
}

/* Why a file that is there cannot be read: said once. */
static void refuse(struct json *json, struct file *one, int error)
{
    if (one->fd >= 0)
        close(one->fd);
    one->fd = error;
    if (one->refused == error)
        return;
    one->refused = error;
    text_free(&one->told);
    json_key(json, one->path + 1);
    json_open(json, '{');
    json_key(json, "unavailable");
    json_text(json, strerror(-error));
    json_close(json, '}');
}

void files_write(struct json *json, uint64_t now)
{
    if (patterns == 0 || !pace_due(&pace, now))
        return;
    pace_begin(&pace);
    if (looked_ns == 0 || now - looked_ns >= LOOK_AGAIN_NS) {
        look();
        looked_ns = now;
    }
    json_key(json, "files");
    json_open(json, '{');
    size_t kept = 0;
    for (size_t i = 0; i < files; i++) {
        int error = file[i].fd < 0 ? file[i].fd : text_read_fd(&text, file[i].fd);
        if (error == -ENOENT || error == -ENODEV) {
            forget(json, &file[i]);
            continue;
        }
        if (error != 0)
            refuse(json, &file[i], error);
        else {
            file[i].refused = 0;
            write_file(json, &file[i]);
        }
        file[kept++] = file[i];
    }
    files = kept;
    json_close(json, '}');
    pace_end(&pace, now, PACE_SECOND_NS, PART_OF_TIME);
}
