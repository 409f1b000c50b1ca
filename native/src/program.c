/* Owns: see program.h. */
#define _GNU_SOURCE /* pipe2 */
#include "program.h"
#include "clock.h"
#include "json.h"
#include "pins.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the program prints is passed on in pieces of at most this. */
enum { PIECE = 64 << 10, PIPE_MOST = 1 << 20 };
#define DRAIN_MS 100

static void make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail(FAIL_NO_MEMORY, NULL, "No pipe can be made: %s.", strerror(errno));
}

/* How far the child came before its exec failed. */
struct stumble {
    bool placing; /* else: exec itself */
    int error;
};

__attribute__((noreturn)) static void become(const struct program *program, int out, int err, int go, int tell, pid_t worker)
{
    struct stumble stumble = { .placing = true };
    sigset_t none;
    char ready;
    prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
    if (getppid() != worker || read(go, &ready, 1) != 1)
        _exit(127);
    stumble.error = -pins_apply_whole(program->number);
    if (stumble.error == 0) {
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO); /* stdin is /dev/null already */
        signal(SIGPIPE, SIG_DFL);
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execvp(program->command[0], program->command);
        stumble = (struct stumble){ .error = errno };
    }
    _exit(write(tell, &stumble, sizeof stumble) == (ssize_t)sizeof stumble ? 127 : 126);
}

__attribute__((noreturn)) static void fail_start(const char *command, const struct stumble *stumble)
{
    if (stumble->placing)
        fail(stumble->error == EPERM ? FAIL_PERMISSION : FAIL_UNSUPPORTED, "In a container, allow the memory policy calls: docker run --cap-add SYS_NICE",
             "The program cannot be placed: %s.", strerror(stumble->error));
    switch (stumble->error) {
    case ENOENT:
    case ENOTDIR: fail(FAIL_NOT_FOUND, "Give its full path, or see what PATH is in a non-interactive login.", "There is no program \"%s\" here.", command);
    case EACCES: fail(FAIL_PERMISSION, words("Make it executable: chmod +x %s", command), "\"%s\" may not be executed.", command);
    default: fail(FAIL_UNSUPPORTED, NULL, "\"%s\" cannot be executed: %s.", command, strerror(stumble->error));
    }
}

void program_prepare(struct program *program, int number)
{
    int out[2], err[2], go[2], tell[2];
    make_pipe(out);
    make_pipe(err);
    make_pipe(go);
    make_pipe(tell);
    program->number = number;
    program->go = go[1];
    program->tell = tell[0];
    pid_t worker = getpid();
    program->pid = fork();
    if (program->pid == 0)
        become(program, out[1], err[1], go[0], tell[1], worker);
    if (program->pid < 0)
        fail(FAIL_NO_MEMORY, NULL, "No process can be started: %s.", strerror(errno));
    close(out[1]);
    close(err[1]);
    close(tell[1]);
    close(go[0]);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    program->stream[0] = (struct stream){ "stdout", out[0] };
    program->stream[1] = (struct stream){ "stderr", err[0] };
    counters_open_program(&program->counters, program->pid);
}

void program_go(struct program *program)
{
    program->start_ns = now_ns();
    if (write(program->go, "", 1) != 1)
        fail(FAIL_INTERNAL, NULL, "The program's process ended before it began.");
    close(program->go);
}

void program_confirm(struct program *program)
{
    struct stumble stumble;
    if (read(program->tell, &stumble, sizeof stumble) == (ssize_t)sizeof stumble)
        fail_start(program->command[0], &stumble);
    close(program->tell);
    struct json *json = report_begin("started");
    json_key(json, "program");
    json_integer(json, program->number);
    json_key(json, "pid");
    json_integer(json, program->pid);
    report_moment(json, program->start_ns);
    report_end();
}

/* False: nothing now. */
static bool pass_on(const struct program *program, struct stream *stream)
{
    static unsigned char bytes[PIECE];
    ssize_t n = stream->fd < 0 ? -1 : read(stream->fd, bytes, sizeof bytes);
    if (n > 0) {
        struct json *json = report_begin("output");
        json_key(json, "program");
        json_integer(json, program->number);
        report_moment(json, now_ns());
        json_key(json, "stream");
        json_text(json, stream->name);
        json_key(json, "data");
        json_base64(json, bytes, (size_t)n);
        report_end();
        return true;
    }
    if (stream->fd >= 0 && (n == 0 || (errno != EAGAIN && errno != EINTR))) {
        close(stream->fd);
        stream->fd = -1;
    }
    return false;
}

void program_pass_on(struct program *program)
{
    for (int i = 0; i < 2; i++)
        pass_on(program, &program->stream[i]);
}

bool program_ended(struct program *program)
{
    if (!program->ended && wait4(program->pid, &program->status, WNOHANG, &program->usage) == program->pid) {
        program->ended = true;
        program->end_ns = now_ns();
        counters_read_program(&program->counters);
    }
    return program->ended;
}

void program_drain(struct program *program)
{
    uint64_t deadline = now_ns() + DRAIN_MS * NS_PER_MS, now;
    while ((program->stream[0].fd >= 0 || program->stream[1].fd >= 0) && (now = now_ns()) < deadline) {
        struct pollfd in[] = { { .fd = program->stream[0].fd, .events = POLLIN }, { .fd = program->stream[1].fd, .events = POLLIN } };
        poll(in, 2, (int)((deadline - now) / NS_PER_MS + 1));
        program_pass_on(program);
    }
    /* A full pipe at the most: something left behind may go on writing for ever. */
    for (int i = 0; i < 2; i++)
        for (int pieces = 0; pieces < PIPE_MOST / PIECE && pass_on(program, &program->stream[i]); pieces++) {
        }
}

static const char *signal_name(int number)
{
    static const struct {
        int number;
        const char *name;
    } known[] = { { SIGHUP, "SIGHUP" },   { SIGINT, "SIGINT" },   { SIGQUIT, "SIGQUIT" }, { SIGILL, "SIGILL" },   { SIGTRAP, "SIGTRAP" },
                  { SIGABRT, "SIGABRT" }, { SIGBUS, "SIGBUS" },   { SIGFPE, "SIGFPE" },   { SIGKILL, "SIGKILL" }, { SIGUSR1, "SIGUSR1" },
                  { SIGSEGV, "SIGSEGV" }, { SIGUSR2, "SIGUSR2" }, { SIGPIPE, "SIGPIPE" }, { SIGALRM, "SIGALRM" }, { SIGTERM, "SIGTERM" },
                  { SIGXCPU, "SIGXCPU" }, { SIGXFSZ, "SIGXFSZ" }, { SIGSYS, "SIGSYS" } };
    static char other[16];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].number == number)
            return known[i].name;
    snprintf(other, sizeof other, "SIG%d", number);
    return other;
}

static double seconds_of_timeval(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

void program_write_exited(const struct program *program, bool timed_out)
{
    const struct rusage *usage = &program->usage;
    struct json *json = report_begin("exited");
    json_key(json, "program");
    json_integer(json, program->number);
    json_key(json, "code");
    if (WIFEXITED(program->status))
        json_integer(json, WEXITSTATUS(program->status));
    else
        json_null(json);
    json_key(json, "signal");
    if (WIFSIGNALED(program->status))
        json_text(json, signal_name(WTERMSIG(program->status)));
    else
        json_null(json);
    json_key(json, "timedOut");
    json_flag(json, timed_out);
    json_key(json, "value");
    json_real(json, seconds_of(program->end_ns - program->start_ns), 6);
    json_key(json, "metric");
    json_text(json, "s");
    json_key(json, "userSeconds");
    json_real(json, seconds_of_timeval(usage->ru_utime), 6);
    json_key(json, "systemSeconds");
    json_real(json, seconds_of_timeval(usage->ru_stime), 6);
    json_key(json, "maxResidentBytes");
    json_integer(json, usage->ru_maxrss * 1024L);
    json_key(json, "voluntarySwitches");
    json_integer(json, usage->ru_nvcsw);
    json_key(json, "involuntarySwitches");
    json_integer(json, usage->ru_nivcsw);
    json_key(json, "minorFaults");
    json_integer(json, usage->ru_minflt);
    json_key(json, "majorFaults");
    json_integer(json, usage->ru_majflt);
    json_key(json, "counters");
    counters_write_program(json, &program->counters);
    json_key(json, "pins");
    pins_write(json);
    report_end();
}
