/* Owns: see guard.h. */
#define _GNU_SOURCE
#include "guard.h"
#include "clock.h"
#include "oom.h"
#include "report.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long the outer guard leaves the ending to the inner one, which needs a fifth of that. */
#define INNER_MS 1000
/* The inner guard counts silence so much longer: it has the say only where the outer one does nothing. */
#define SLACK_MS 1000
/* Who is stopped (SIGSTOP, a debugger) and not continued in this time measures nothing any more. */
#define STOPPED_MS 10000

/* A guard: an end of the chain hangs on it, and it hangs on stdin. */
struct link {
    pid_t above; /* the outer guard; 0: this is the outer one */
    pid_t below; /* the inner guard, or the worker; 0: it has ended */
    int down;    /* what came on stdin is passed on here; what a reader does not take when it is full is dropped */
    int signals;
    unsigned heartbeat_ms;
    uint64_t heard_ns;
    uint64_t stopped_ns; /* since when the one below is stopped; 0: it runs */
    int status;          /* how it ended */
    struct oom oom;      /* as it was when it began */
};

static int requests = -1;

int guard_requests(void)
{
    return requests;
}

static const char *name_below(const struct link *link)
{
    return link->above == 0 ? "The inner guard of the measuring process" : "The measuring process";
}

static void report_killed(const struct link *link)
{
    struct oom now = oom_count();
    long long here = link->oom.group < 0 ? 0 : now.group - link->oom.group, all = link->oom.host < 0 ? 0 : now.host - link->oom.host;
    if (here > 0 || all > 0)
        report_error(FAIL_NO_MEMORY, "Ask for less memory; the kernel's log (dmesg) says who was killed and why.",
                     words("%s was killed by SIGKILL, and meanwhile the kernel killed %lld process(es) %s because memory ran out.", name_below(link),
                           here > 0 ? here : all, here > 0 ? "of its control group" : "on this host"));
    else
        report_error(FAIL_INTERNAL, "Start it again. If it is killed again, the kernel's log (dmesg) may say by whom.",
                     words("%s was killed by SIGKILL%s.", name_below(link),
                           link->oom.group < 0 && link->oom.host < 0 ? "; whether memory ran out cannot be told here" : ""));
}

/* The one below ended by itself: how, as the status of the whole. */
static int status_of(const struct link *link)
{
    if (WIFEXITED(link->status))
        return WEXITSTATUS(link->status);
    switch (WTERMSIG(link->status)) {
    case SIGINT:
    case SIGTERM:
    case SIGHUP: return STATUS_GUARDED;
    case SIGKILL: report_killed(link); return STATUS_LACKS;
    default:
        report_error(FAIL_INTERNAL, NULL,
                     words("%s ended by signal %d (%s).", name_below(link), WTERMSIG(link->status), strsignal(WTERMSIG(link->status))));
        return STATUS_LACKS;
    }
}

/* Reaps what has ended and sees how the one below does. */
static void look_below(struct link *link)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0;) {
        if (pid != link->below)
            continue;
        if (WIFSTOPPED(status))
            link->stopped_ns = now_ns();
        else if (WIFCONTINUED(status))
            link->stopped_ns = 0;
        else {
            link->below = 0;
            link->status = status;
        }
    }
}

/* The inner guard ends the tree from below, in good order; what it does not end within a moment is ended from here. */
static void end_from_below(struct link *link)
{
    uint64_t give_up = now_ns() + INNER_MS * NS_PER_MS;
    close(link->down);
    while (link->below != 0 && now_ns() < give_up) {
        sleep_until(now_ns() + 2 * NS_PER_MS);
        look_below(link);
    }
}

__attribute__((noreturn)) static void end_all(struct link *link, const char *why)
{
    /* The outer guard has said why, if it is there. */
    if (link->above == 0 || getppid() != link->above)
        say("%s: ending, with everything that was started", why);
    if (link->above == 0)
        end_from_below(link);
    tree_end(link->below);
    _exit(STATUS_GUARDED);
}

__attribute__((noreturn)) static void end_silent(struct link *link)
{
    if (link->above == 0 || getppid() != link->above)
        end_all(link, "no heartbeat came");
    tree_end(link->below);
    /* It ought to have done this before: it is stopped, and holds the place that it was started from. */
    kill(link->above, SIGKILL);
    _exit(STATUS_GUARDED);
}

__attribute__((noreturn)) static void end_stopped(struct link *link)
{
    tree_end(link->below);
    report_error(FAIL_INTERNAL, "Start it again; on the host, something sends it SIGSTOP.",
                 words("%s was stopped by a signal for %d s, and was ended therefore.", name_below(link), STOPPED_MS / 1000));
    _exit(STATUS_LACKS);
}

static void pass_on(struct link *link)
{
    char bytes[4096]; /* PIPE_BUF: all of it is taken or nothing */
    ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n > 0) {
        link->heard_ns = now_ns();
        if (write(link->down, bytes, (size_t)n) < 0 && errno != EAGAIN && errno != EPIPE)
            say("a request could not be passed on");
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        end_all(link, "stdin has ended");
}

/* Milliseconds from now until `limit_ms` after `since_ns`. */
static int left_ms(uint64_t since_ns, unsigned limit_ms)
{
    uint64_t gone_ms = (now_ns() - since_ns) / NS_PER_MS;
    return gone_ms >= limit_ms ? 0 : (int)(limit_ms - gone_ms);
}

__attribute__((noreturn)) static void watch(struct link *link)
{
    link->heard_ns = now_ns();
    for (;;) {
        struct pollfd in[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = link->signals, .events = POLLIN } };
        int silent = link->heartbeat_ms == 0 ? -1 : left_ms(link->heard_ns, link->heartbeat_ms);
        int stopped = link->stopped_ns == 0 ? -1 : left_ms(link->stopped_ns, STOPPED_MS);
        poll(in, 2, silent < 0 || (stopped >= 0 && stopped < silent) ? stopped : silent);
        struct signalfd_siginfo info;
        while (read(link->signals, &info, sizeof info) == (ssize_t)sizeof info)
            if (info.ssi_signo != SIGCHLD)
                end_all(link, "asked to end by a signal");
        look_below(link);
        if (link->below == 0) {
            tree_end(0); /* what a program left running behind it; nobody else may write to stdout any more */
            _exit(status_of(link));
        }
        if (in[0].revents != 0)
            pass_on(link);
        if (link->heartbeat_ms != 0 && left_ms(link->heard_ns, link->heartbeat_ms) == 0)
            end_silent(link);
        if (link->stopped_ns != 0 && left_ms(link->stopped_ns, STOPPED_MS) == 0)
            end_stopped(link);
    }
}

/* Returns in the child, with what it can read from. */
static int hang_on(pid_t above, const sigset_t *watched, unsigned heartbeat_ms)
{
    struct link link = { .above = above, .heartbeat_ms = heartbeat_ms, .oom = oom_count() };
    int ends[2];
    prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        fail(FAIL_NO_MEMORY, NULL, "No pipe can be made: %s.", strerror(errno));
    link.below = fork();
    if (link.below < 0)
        fail(FAIL_NO_MEMORY, NULL, "No process can be started: %s.", strerror(errno));
    if (link.below == 0) {
        close(ends[1]);
        return ends[0];
    }
    close(ends[0]);
    link.down = ends[1];
    link.signals = signalfd(-1, watched, SFD_CLOEXEC | SFD_NONBLOCK);
    if (link.signals < 0)
        end_all(&link, "signals cannot be watched");
    watch(&link);
}

void guard_enter(unsigned heartbeat_ms)
{
    sigset_t watched, before;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigprocmask(SIG_BLOCK, &watched, &before);
    signal(SIGPIPE, SIG_IGN);

    pid_t outer = getpid();
    int from_outer = hang_on(0, &watched, heartbeat_ms);
    dup2(from_outer, STDIN_FILENO);
    close(from_outer);
    pid_t inner = getpid();
    requests = hang_on(outer, &watched, heartbeat_ms == 0 ? 0 : heartbeat_ms + SLACK_MS);

    prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
    if (getppid() != inner)
        _exit(STATUS_GUARDED);
    sigprocmask(SIG_SETMASK, &before, NULL);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC); /* stdin is the guards' */
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
    if (nothing > STDERR_FILENO)
        close(nothing);
}

void worker_is_expendable(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, "1000", 4) != 4)
            say("the kernel keeps its own order of whom to end when memory runs out");
        close(fd);
    }
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}
