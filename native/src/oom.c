/* Owns: see oom.h. */
#include "oom.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* The number behind "oom_kill " at the start of a line. */
static long long count_in(const char *text)
{
    static const char key[] = "oom_kill ";
    for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n'), line = line != NULL ? line + 1 : NULL)
        if (strncmp(line, key, sizeof key - 1) == 0)
            return strtoll(line + sizeof key - 1, NULL, 10);
    return -1;
}

static long long count_of(const char *before, const char *group, const char *after)
{
    struct text text = { 0 };
    long long count = text_read(&text, "%s%s%s", before, group, after) == 0 ? count_in(text.bytes) : -1;
    text_free(&text);
    return count;
}

/* "ID:CONTROLLERS:PATH": the memory controller is version 1's, or the one list of version 2 that names none. */
static long long count_of_line(const char *line)
{
    const char *controllers = strchr(line, ':'), *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL)
        return -1;
    if (strncmp(controllers, ":memory:", 8) == 0)
        return count_of("/sys/fs/cgroup/memory", path + 1, "/memory.oom_control");
    return path == controllers + 1 ? count_of("/sys/fs/cgroup", path + 1, "/memory.events") : -1;
}

struct oom oom_count(void)
{
    struct oom oom = { .group = -1, .host = count_of("/proc/vmstat", "", "") };
    struct text groups = { 0 };
    if (text_read(&groups, "/proc/self/cgroup") == 0) {
        char *rest = groups.bytes;
        for (char *line; oom.group < 0 && (line = strsep(&rest, "\n")) != NULL;)
            oom.group = count_of_line(line);
    }
    text_free(&groups);
    return oom;
}
