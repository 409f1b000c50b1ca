/*
 * Owns: texts of files that measures asked for, whole, of those that changed since they were told last. Descriptors stay open and are
 * read anew by pread; what comes to fit a pattern later (a device that is plugged in) is found within ten seconds.
 */
#define _GNU_SOURCE
#include "clock.h"
#include "host_files.h"
#include "json.h"
#include "pace.h"
#include "report.h"
#include "sample.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 8192, PATTERNS = 64, PART_OF_TIME = 200 };
#define LOOK_AGAIN_NS (10 * NS_PER_SECOND)

struct file {
    char *path;
    int fd;
    uint64_t told; /* what its text was told as, in short; 0: never */
};
static struct file *file;
static size_t files;
static char *asked[PATTERNS];
static int patterns;
static struct pace pace;
static uint64_t looked_ns;
static struct text text;

void files_ask(char *list)
{
    if (patterns == PATTERNS)
        fail(FAIL_USAGE, NULL, "There are more --files than %d.", PATTERNS);
    asked[patterns++] = list;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* FNV-1a; a change that it misses is one of 2^64. */
static uint64_t short_of(const char *bytes, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return hash == 0 ? 1 : hash;
}

/* Adds what fits the first pattern of the list that fits any file, where it is not open yet. */
static void open_list(const char *list, size_t known)
{
    char *patterns_left = words("%s", list), *rest = patterns_left;
    size_t fits = 0;
    for (char *pattern; fits == 0 && (pattern = strsep(&rest, "|")) != NULL;) {
        glob_t found = host_glob(pattern);
        fits = found.gl_pathc;
        for (size_t i = 0; i < fits && files < FILES; i++) {
            struct file one = { .path = words("%s", host_path(found.gl_pathv[i])) };
            bool here = known > 0 && bsearch(&one, file, known, sizeof one, by_path) != NULL;
            one.fd = here ? -1 : host_open("%s", one.path);
            if (one.fd < 0) {
                free(one.path);
                continue; /* who reads the samples sees that the key is missing */
            }
            file[files++] = one;
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
        open_list(asked[i], known);
    qsort(file, files, sizeof *file, by_path);
}

/* A node or a device that went away: its file is null, once, and may come again. */
static void forget(struct json *json, struct file *one)
{
    if (one->told != 0) {
        json_key(json, one->path + 1);
        json_null(json);
    }
    close(one->fd);
    free(one->path);
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
        if (text_read_fd(&text, file[i].fd) != 0) {
            forget(json, &file[i]);
            continue;
        }
        uint64_t is = short_of(text.bytes, text.length);
        if (is != file[i].told) {
            json_key(json, file[i].path + 1);
            json_text_n(json, text.bytes, text.length);
            file[i].told = is;
        }
        file[kept++] = file[i];
    }
    files = kept;
    json_close(json, '}');
    pace_end(&pace, now, PACE_SECOND_NS, PART_OF_TIME);
}
