/*
 * Owns: the command `run`: starts programs of the user's together, looks at their threads and pages while they run, does
 * what it is asked to do to them meanwhile, and says how they ended. What they leave behind is the guard's to end.
 */
#define _GNU_SOURCE
#include "args.h"
#include "clock.h"
#include "commands.h"
#include "guard.h"
#include "observe.h"
#include "pins.h"
#include "program.h"
#include "report.h"
#include "requests.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { PROGRAMS = 16 };
/* Between SIGTERM and SIGKILL for a program whose time is over. */
#define GRACE_MS 2000

static struct program program[PROGRAMS];
static struct watch watch[PROGRAMS];
static size_t programs;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Waits for output, a request, an end, or until it is time to look again. */
static void wait_for(int ended, uint64_t deadline_ns)
{
    struct pollfd in[2 * PROGRAMS + 2] = { { .fd = ended, .events = POLLIN }, { .fd = guard_requests(), .events = POLLIN } };
    struct signalfd_siginfo info;
    uint64_t now = now_ns();
    for (size_t i = 0; i < programs; i++)
        for (size_t j = 0; j < 2; j++)
            in[2 + 2 * i + j] = (struct pollfd){ .fd = program[i].stream[j].fd, .events = POLLIN };
    poll(in, 2 + 2 * programs, now >= deadline_ns ? 0 : (int)((deadline_ns - now) / NS_PER_MS + 1));
    while (read(ended, &info, sizeof info) > 0) {
    }
    for (size_t i = 0; i < programs; i++)
        program_pass_on(&program[i]);
    if (in[1].revents != 0 && requests_take(guard_requests(), watch, programs))
        observe_soon();
}

/* How many still run; of those that just ended, the last words and the line. */
static size_t running(bool timed_out)
{
    size_t left = 0;
    for (size_t i = 0; i < programs; i++) {
        if (watch[i].pid == 0)
            continue;
        if (!program_ended(&program[i])) {
            left++;
            continue;
        }
        program_drain(&program[i]);
        observe_last(&watch[i]);
        program_write_exited(&program[i], timed_out);
        watch[i].pid = 0;
    }
    return left;
}

static void signal_families(int number)
{
    for (size_t i = 0; i < programs; i++) {
        if (watch[i].pid == 0)
            continue;
        struct pids all = descendants(watch[i].pid);
        pids_add(&all, watch[i].pid);
        for (size_t j = 0; j < all.count; j++)
            kill(all.list[j], number);
        pids_free(&all);
    }
}

static void add_program(struct args *args, const char *name, int count)
{
    if (programs == PROGRAMS)
        fail(FAIL_USAGE, NULL, "There are more than %d programs.", PROGRAMS);
    if (count < 1 || count > args->count - args->at)
        fail(FAIL_USAGE, NULL, "run needs a program after \"--\", and as many words after --program NAME WORDS as that says.");
    char **command = calloc((size_t)count + 1, sizeof *command);
    if (command == NULL)
        abort();
    memcpy(command, args->list + args->at, (size_t)count * sizeof *command);
    args->at += count;
    program[programs].command = command;
    program[programs++].name = name != NULL && name[0] != '\0' ? name : base_name(command[0]);
}

static uint64_t read_options(struct args *args)
{
    uint64_t timeout_ms = 0;
    for (;;) {
        if (args_is(args, "--pin"))
            pins_add(args_value(args, "--pin"));
        else if (args_is(args, "--timeout-ms"))
            timeout_ms = args_number(args, "--timeout-ms", 1, UINT64_C(30) * 24 * 3600 * 1000);
        else if (args_is(args, "--program")) {
            const char *name = args_value(args, "--program");
            add_program(args, name, (int)args_number(args, "--program", 1, INT_MAX));
        } else
            break;
    }
    if (args_is(args, "--"))
        add_program(args, NULL, args->count - args->at);
    if (programs == 0 || args->at != args->count)
        fail(FAIL_USAGE, NULL,
             "Usage: run [--pin NAME=CPULIST[@MEMORY]]... [--timeout-ms N] [--program NAME WORDS COMMAND [ARGUMENT]...]... [-- COMMAND [ARGUMENT]...]");
    return timeout_ms;
}

static int block_sigchld(void)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    int ended = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (ended < 0)
        fail(FAIL_NO_MEMORY, NULL, "The end of a program cannot be watched.");
    return ended;
}

void command_run(struct args *args)
{
    uint64_t timeout_ms = read_options(args);
    for (size_t i = 0; i < programs; i++)
        pins_settle((int)i, program[i].name, programs == 1);
    pins_check(program[0].name);
    int ended = block_sigchld();
    for (size_t i = 0; i < programs; i++)
        program_prepare(&program[i], (int)i);
    for (size_t i = 0; i < programs; i++)
        program_go(&program[i]);
    for (size_t i = 0; i < programs; i++) {
        program_confirm(&program[i]);
        watch[i] = (struct watch){ .program = (int)i, .pid = program[i].pid };
    }

    uint64_t limit = timeout_ms == 0 ? UINT64_MAX : now_ns() + timeout_ms * NS_PER_MS;
    bool timed_out = false, ending = false;
    while (running(timed_out) > 0) {
        if (now_ns() >= limit || (requests_end() && !ending)) {
            signal_families(ending ? SIGKILL : SIGTERM);
            timed_out = timed_out || !(requests_end() || ending);
            ending = true;
            limit = now_ns() + GRACE_MS * NS_PER_MS;
        }
        uint64_t due = observe(watch, programs);
        wait_for(ended, due < limit ? due : limit);
    }
}
