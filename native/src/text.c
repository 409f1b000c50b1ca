/* Owns: see text.h. */
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No file that is read here comes near this; a smaps or numa_maps of a huge process is a few MiB. */
#define TEXT_MAX ((size_t)256 << 20)

int text_read_fd(struct text *text, int fd)
{
    text->length = 0;
    for (;;) {
        if (text->capacity - text->length < 2048) {
            size_t capacity = text->capacity == 0 ? 4096 : text->capacity * 2;
            char *bytes = capacity > TEXT_MAX ? NULL : realloc(text->bytes, capacity);
            if (bytes == NULL)
                return -ENOMEM;
            text->bytes = bytes;
            text->capacity = capacity;
        }
        ssize_t n = pread(fd, text->bytes + text->length, text->capacity - text->length - 1, (off_t)text->length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        text->length += (size_t)n;
        text->bytes[text->length] = '\0';
        if (n == 0)
            return 0;
    }
}

static int read_named(struct text *text, const char *format, va_list values)
{
    char path[PATH_MAX];
    int n = vsnprintf(path, sizeof path, format, values);
    if (n < 0 || (size_t)n >= sizeof path)
        return -ENAMETOOLONG;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int result = text_read_fd(text, fd);
    close(fd);
    return result;
}

int text_read(struct text *text, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int result = read_named(text, format, values);
    va_end(values);
    return result;
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){ 0 };
}

bool read_number(long long *number, const char *format, ...)
{
    struct text text = { 0 };
    va_list values;
    va_start(values, format);
    bool found = read_named(&text, format, values) == 0;
    va_end(values);
    if (found) {
        char *end;
        errno = 0;
        *number = strtoll(text.bytes, &end, 10);
        found = errno == 0 && end != text.bytes;
    }
    text_free(&text);
    return found;
}

bool read_set(struct cpuset *set, const char *format, ...)
{
    struct text text = { 0 };
    va_list values;
    va_start(values, format);
    bool found = read_named(&text, format, values) == 0 && set_parse(set, text.bytes);
    va_end(values);
    text_free(&text);
    return found;
}

long long field_number(const char *text, const char *key, long long otherwise)
{
    size_t length = strlen(key);
    for (const char *at = text; (at = strstr(at, key)) != NULL; at += length) {
        const char *after = at + length;
        bool starts = at == text || at[-1] == '\n' || at[-1] == ' '; /* "Node 0 MemFree:" of a node's meminfo */
        after += strspn(after, " \t");
        if (!starts || *after != ':')
            continue;
        char *end;
        after++;
        long long number = strtoll(after, &end, 10);
        if (end != after)
            return number;
    }
    return otherwise;
}
