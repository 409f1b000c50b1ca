/* Owns: see requests.h. */
#define _GNU_SOURCE
#include "requests.h"
#include "args.h"
#include "clock.h"
#include "json.h"
#include "move_pages.h"
#include "numa.h"
#include "pins.h"
#include "report.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* A line of so many is longer than any of a few thousand thread ids. */
static char line[64 << 10];
static size_t length;
static bool end_asked;

bool requests_end(void)
{
    return end_asked;
}

struct answer {
    uint64_t threads;
    struct moved_pages pages;
    enum failure code;
    const char *message; /* NULL: it was done */
    const char *hint;
};

static void write_answer(uint64_t request, uint64_t begun_ns, const struct answer *answer)
{
    struct json *json = report_begin("answer");
    json_key(json, "request");
    json_count(json, request);
    json_key(json, "begunMs");
    json_real(json, (double)begun_ns / 1e6, 3);
    report_moment(json, now_ns());
    json_key(json, "threads");
    json_count(json, answer->threads);
    json_key(json, "movedBytes");
    json_count(json, answer->pages.moved_bytes);
    json_key(json, "leftBytes");
    json_count(json, answer->pages.left_bytes);
    json_key(json, "error");
    if (answer->message == NULL)
        json_null(json);
    else
        report_failure(json, answer->code, answer->hint, answer->message);
    report_end();
}

static struct answer refuse(enum failure code, const char *hint, const char *message)
{
    return (struct answer){ .code = code, .hint = hint, .message = message };
}

/* Whether the thread is one of the programs' now; a number that was given anew after its end is not. `start` 0: it may be any. */
static bool is_ours(const struct watch *watch, size_t count, pid_t tid, uint64_t start)
{
    struct thread_facts facts;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; watch[i].pid != 0 && j < watch[i].family.count; j++)
            if (thread_read(&facts, watch[i].family.list[j], tid))
                return start == 0 || facts.start == start;
    return false;
}

/* CPULIST TID[@START]... */
static struct answer pin(char *words_left, const struct watch *watch, size_t count)
{
    char *list = strsep(&words_left, " ");
    struct cpuset cpus, got;
    struct answer answer = { 0 };
    if (list == NULL || !set_parse(&cpus, list) || set_count(&cpus) == 0)
        return refuse(FAIL_USAGE, NULL, "The request is: pin REQUEST CPULIST TID[@START]...");
    for (char *word; (word = strsep(&words_left, " ")) != NULL;) {
        uint64_t tid, start = 0;
        char *at = strsep(&word, "@");
        if (!parse_number(at, 1, INT_MAX, &tid) || (word != NULL && !parse_number(word, 0, UINT64_MAX, &start)))
            return refuse(FAIL_USAGE, NULL, "A thread is named by its number.");
        if (!is_ours(watch, count, (pid_t)tid, start))
            continue;
        pins_release((pid_t)tid);
        int result = affinity_set((pid_t)tid, &cpus);
        if (result == -ESRCH)
            continue;
        if (result == -EPERM)
            return refuse(FAIL_PERMISSION, "Connect as the user it belongs to, or as root.", "The thread belongs to another user: it cannot be moved.");
        if (result != 0 || affinity_get((pid_t)tid, &got) != 0 || !set_equal(&got, &cpus))
            return refuse(FAIL_CPU_FORBIDDEN, "Use a CPU that is online and in this login's control group (cpuset.cpus).",
                          "The thread may not run on all of these CPUs.");
        answer.threads++;
    }
    return answer.threads > 0 ? answer : refuse(FAIL_NOT_FOUND, NULL, "The thread has ended, or is none of those that may be moved.");
}

/* PROGRAM FROM TO, node lists both, TO of one node */
static struct answer move(uint64_t request, char *words_left, const struct watch *watch, size_t count)
{
    char *which = strsep(&words_left, " "), *from_list = strsep(&words_left, " "), *to_list = strsep(&words_left, " ");
    struct cpuset from, to, usable = numa_usable();
    uint64_t program;
    struct answer answer = { 0 };
    if (to_list == NULL || !parse_number(which, 0, INT_MAX, &program) || !set_parse(&from, from_list) || !set_parse(&to, to_list) ||
        set_count(&to) != 1)
        return refuse(FAIL_USAGE, NULL, "The request is: move REQUEST PROGRAM FROM-NODES TO-NODE");
    if (program >= count || watch[program].pid == 0)
        return refuse(FAIL_NOT_FOUND, NULL, "The program has ended.");
    if (!set_within(&to, &usable))
        return refuse(FAIL_NODE_FORBIDDEN, words("Nodes with memory that this login may use: %s.", set_text(&usable)), "Pages cannot be moved to that node.");
    int error = 0;
    for (size_t i = 0; i < watch[program].family.count && error == 0; i++)
        error = move_pages_to(request, watch[program].family.list[i], &from, set_next(&to, -1), &answer.pages);
    if (error == -EPERM || error == -EACCES)
        return refuse(FAIL_PERMISSION, "In a container, allow the memory policy calls: docker run --cap-add SYS_NICE", "Pages of the program cannot be moved from here.");
    if (error != 0)
        return refuse(FAIL_UNSUPPORTED, NULL, words("The pages cannot be moved: %s.", strerror(-error)));
    return answer;
}

/* REQUEST of the move to take back */
static struct answer back(char *words_left)
{
    uint64_t before;
    struct answer answer = { 0 };
    if (words_left == NULL || !parse_number(words_left, 0, UINT64_MAX, &before))
        return refuse(FAIL_USAGE, NULL, "The request is: back REQUEST REQUEST-OF-THE-MOVE");
    if (!move_pages_back(before, &answer.pages))
        return refuse(FAIL_NOT_FOUND, NULL, "There is no such move to take back, or its program has ended.");
    return answer;
}

/* Heartbeats are empty lines, or dots before a line. */
static bool obey(char *text, struct watch *watch, size_t count)
{
    char *rest = text + strspn(text, ".");
    char *verb = strsep(&rest, " "), *number = strsep(&rest, " ");
    uint64_t request, begun_ns = now_ns();
    struct answer answer;
    if (number == NULL || !parse_number(number, 0, UINT64_MAX, &request))
        return false;
    for (size_t i = 0; i < count; i++)
        if (watch[i].find != NULL)
            watch[i].find(&watch[i]);
    if (strcmp(verb, "pin") == 0)
        answer = pin(rest, watch, count);
    else if (strcmp(verb, "move") == 0)
        answer = move(request, rest, watch, count);
    else if (strcmp(verb, "back") == 0)
        answer = back(rest);
    else if (strcmp(verb, "end") == 0) {
        end_asked = true;
        answer = (struct answer){ 0 };
    } else
        answer = refuse(FAIL_USAGE, NULL, "Requests are pin, move, back and end.");
    write_answer(request, begun_ns, &answer);
    return answer.message == NULL;
}

bool requests_take(int fd, struct watch *watch, size_t count)
{
    bool changed = false;
    ssize_t n;
    while ((n = read(fd, line + length, sizeof line - length)) > 0) {
        length += (size_t)n;
        for (char *end; (end = memchr(line, '\n', length)) != NULL;) {
            size_t taken = (size_t)(end - line) + 1;
            *end = '\0';
            changed = obey(line, watch, count) || changed;
            memmove(line, line + taken, length -= taken);
        }
        if (length == sizeof line)
            length = 0;
    }
    return changed;
}
