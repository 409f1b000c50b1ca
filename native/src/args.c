/* Owns: see args.h. */
#define _GNU_SOURCE /* strsep */
#include "args.h"
#include "clock.h"
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bounds on what stdin may ask for, far above any real use, below what could hurt the host. */
enum { COUNT_MAX = 16384, TOTAL_MAX = 4 << 20 };
/* The whole list must have come by then: the heartbeat is one of the arguments, so nothing else watches this read. */
#define TAKE_MS 30000

static uint64_t take_deadline;

/* One byte at a time while lengths are read: what comes after the arguments is the guard's. */
static void take_bytes(char *bytes, size_t length)
{
    for (size_t have = 0; have < length;) {
        uint64_t now = now_ns();
        struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
        if (now >= take_deadline || poll(&in, 1, (int)((take_deadline - now) / NS_PER_MS + 1)) == 0)
            fail(FAIL_USAGE, NULL, "The arguments on stdin did not come within %d s.", TAKE_MS / 1000);
        ssize_t n = read(STDIN_FILENO, bytes + have, length - have);
        if (n == 0)
            fail(FAIL_USAGE, NULL, "stdin ended before the arguments did.");
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            fail(FAIL_USAGE, NULL, "The arguments cannot be read from stdin: %s.", strerror(errno));
        if (n > 0)
            have += (size_t)n;
    }
}

static size_t take_count(const char *what, size_t most)
{
    char digits[12];
    size_t length = 0;
    uint64_t number;
    do {
        take_bytes(&digits[length], 1);
    } while (digits[length] != '\n' && ++length < sizeof digits - 1);
    digits[length] = '\0';
    if (!parse_number(digits, 0, most, &number))
        fail(FAIL_USAGE, NULL, "On stdin, %s is not a number of at most %zu.", what, most);
    return (size_t)number;
}

static struct args take_stdin(void)
{
    take_deadline = now_ns() + TAKE_MS * NS_PER_MS;
    size_t count = take_count("the count of arguments", COUNT_MAX), total = 0;
    char **list = calloc(count + 1, sizeof *list);
    if (list == NULL)
        abort();
    for (size_t i = 0; i < count; i++) {
        size_t length = take_count("an argument's length", TOTAL_MAX - total);
        total += length;
        list[i] = malloc(length + 1);
        if (list[i] == NULL)
            abort();
        take_bytes(list[i], length + 1);
        if (list[i][length] != '\n' || memchr(list[i], '\0', length) != NULL)
            fail(FAIL_USAGE, NULL, "On stdin, argument %zu does not end where its length says, or holds a NUL.", i);
        list[i][length] = '\0';
    }
    return (struct args){ .list = list, .count = (int)count };
}

struct args args_take(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "-") == 0)
        return take_stdin();
    return (struct args){ .list = argv + (argc > 0), .count = argc > 0 ? argc - 1 : 0 };
}

char *args_next(struct args *args)
{
    return args->at < args->count ? args->list[args->at++] : NULL;
}

bool args_is(struct args *args, const char *option)
{
    if (args->at >= args->count || strcmp(args->list[args->at], option) != 0)
        return false;
    args->at++;
    return true;
}

char *args_value(struct args *args, const char *option)
{
    char *value = args_next(args);
    if (value == NULL)
        fail(FAIL_USAGE, NULL, "%s needs a value.", option);
    return value;
}

bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    uint64_t sum = 0;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(sum, (uint64_t)10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum))
            return false;
    }
    *number = sum;
    return sum >= least && sum <= most;
}

uint64_t case_number(const char *key, const char *value, uint64_t least, uint64_t most)
{
    uint64_t number;
    if (!parse_number(value, least, most, &number))
        fail(FAIL_USAGE, NULL, "%s is a number from %" PRIu64 " to %" PRIu64 ", not \"%s\".", key, least, most, value);
    return number;
}

uint64_t args_number(struct args *args, const char *option, uint64_t least, uint64_t most)
{
    return case_number(option, args_value(args, option), least, most);
}

void args_unexpected(const struct args *args, const char *command)
{
    fail(FAIL_USAGE, NULL, "%s does not know the argument \"%s\".", command, args->list[args->at]);
}

bool case_next(char **rest, char **key, char **value)
{
    char *pair = strsep(rest, ",");
    if (pair == NULL)
        return false;
    *key = pair;
    *value = strchr(pair, '=');
    if (*value == NULL)
        fail(FAIL_USAGE, NULL, "A case is KEY=VALUE,..., and \"%s\" has no \"=\".", pair);
    *(*value)++ = '\0';
    return true;
}
