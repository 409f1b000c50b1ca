/* Owns: see host_files.h. */
#include "host_files.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without a slash at its end; "" is the machine this runs on. */
static char root[PATH_MAX];

void host_files_under(const char *directory)
{
    struct stat there;
    size_t length = strlen(directory);
    while (length > 0 && directory[length - 1] == '/')
        length--;
    if (directory[0] != '/' || length >= sizeof root - 256)
        fail(FAIL_USAGE, NULL, "--root is the absolute path of a directory that holds proc/ and sys/.");
    snprintf(root, sizeof root, "%.*s/proc", (int)length, directory);
    if (stat(root, &there) != 0 || !S_ISDIR(there.st_mode))
        fail(FAIL_USAGE, NULL, "There is no directory %s.", root);
    root[length] = '\0';
}

static int full_path(char *path, size_t size, const char *format, va_list values)
{
    size_t length = (size_t)snprintf(path, size, "%s", root);
    int n = vsnprintf(path + length, size - length, format, values);
    return n < 0 || length + (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int host_open(const char *format, ...)
{
    char path[PATH_MAX];
    va_list values;
    va_start(values, format);
    int error = full_path(path, sizeof path, format, values);
    va_end(values);
    int fd = error != 0 ? error : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return fd >= 0 || error != 0 ? fd : -errno;
}

bool host_set(struct cpuset *set, const char *format, ...)
{
    char path[PATH_MAX];
    va_list values;
    va_start(values, format);
    int error = full_path(path, sizeof path, format, values);
    va_end(values);
    return error == 0 && read_set(set, "%s", path);
}

bool host_number(long long *number, const char *format, ...)
{
    char path[PATH_MAX];
    va_list values;
    va_start(values, format);
    int error = full_path(path, sizeof path, format, values);
    va_end(values);
    return error == 0 && read_number(number, "%s", path);
}

glob_t host_glob(const char *pattern)
{
    char whole[PATH_MAX];
    glob_t found = { 0 };
    if (snprintf(whole, sizeof whole, "%s%s", root, pattern) >= (int)sizeof whole || glob(whole, 0, NULL, &found) != 0) {
        globfree(&found);
        return (glob_t){ 0 };
    }
    return found;
}

const char *host_path(const char *path)
{
    return path + strlen(root);
}
