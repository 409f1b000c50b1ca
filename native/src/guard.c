/*
 * Owns: see guard.h. The guard is a sub-reaper: a descendant whose parent ends becomes its child, also one that called
 * setsid. So "no child left" (ECHILD) is proof that no descendant is left.
 */
#define _GNU_SOURCE
#include "guard.h"
#include "clock.h"
#include "process.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between SIGTERM and SIGKILL: a program of the user's may want to remove its files. */
#define GRACE_MS 200
/* A process in an uninterruptible wait, or one that gained rights, cannot be killed: it is named, and then left. */
#define GIVE_UP_MS 10000

/* From the guard to the worker: a worker that does not read lets it fill, and what is more than that is dropped. */
static int requests[2] = { -1, -1 };

int guard_requests(void)
{
    return requests[0];
}

static void signal_all(const struct pids *pids, pid_t except, int signal)
{
    for (size_t i = 0; i < pids->count; i++)
        if (pids->list[i] != except)
            kill(pids->list[i], signal);
}

/* Reaps what has ended. False: nothing is left to wait for. */
static bool reap(void)
{
    pid_t pid;
    do {
        pid = waitpid(-1, NULL, WNOHANG);
    } while (pid > 0 || (pid < 0 && errno == EINTR));
    return pid == 0;
}

static void end_tree(pid_t worker)
{
    uint64_t start = now_ns();
    if (!reap())
        return;
    struct pids all = descendants(getpid());
    /* The worker writes to nobody and starts nothing more; its program gets the chance that SIGTERM is. */
    if (worker > 0)
        kill(worker, SIGSTOP);
    signal_all(&all, worker, SIGTERM);
    bool others = all.count > (pids_has(&all, worker) ? 1u : 0u), left = true;
    pids_free(&all);
    while (others && left && now_ns() - start < GRACE_MS * NS_PER_MS) {
        sleep_until(now_ns() + 5 * NS_PER_MS);
        left = reap();
        all = descendants(getpid());
        others = all.count > (pids_has(&all, worker) ? 1u : 0u);
        pids_free(&all);
    }
    while (reap()) {
        all = descendants(getpid());
        signal_all(&all, 0, SIGKILL);
        if (now_ns() - start > GIVE_UP_MS * NS_PER_MS) {
            for (size_t i = 0; i < all.count; i++)
                say("process %d cannot be ended and is left behind", all.list[i]);
            return;
        }
        pids_free(&all);
        sleep_until(now_ns() + 2 * NS_PER_MS);
    }
}

/* The worker ended by itself: how, as the status of the whole. */
static int status_of(int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    switch (WTERMSIG(status)) {
    case SIGINT:
    case SIGTERM:
    case SIGHUP: return STATUS_GUARDED;
    case SIGKILL:
        report_error(FAIL_NO_MEMORY, "Ask for less memory; the kernel's log (dmesg) says who was killed and why.",
                     "The measuring process was killed, most likely because memory ran out.");
        return STATUS_LACKS;
    default:
        report_error(FAIL_INTERNAL, NULL, words("The measuring process ended by signal %d (%s).", WTERMSIG(status), strsignal(WTERMSIG(status))));
        return STATUS_LACKS;
    }
}

__attribute__((noreturn)) static void end_all(pid_t worker, const char *why)
{
    say("%s: ending, with everything that was started", why);
    end_tree(worker);
    _exit(STATUS_GUARDED);
}

/* Returns the worker's wait status once it has ended; other children that ended are reaped. False: it still runs. */
static bool worker_ended(pid_t worker, int *status)
{
    int one;
    for (pid_t pid; (pid = waitpid(-1, &one, WNOHANG)) > 0;)
        if (pid == worker) {
            *status = one;
            return true;
        }
    return false;
}

__attribute__((noreturn)) static void watch(pid_t worker, int signals, unsigned heartbeat_ms)
{
    uint64_t heard = now_ns();
    char bytes[4096];
    for (;;) {
        struct pollfd in[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = signals, .events = POLLIN } };
        uint64_t silent_ms = (now_ns() - heard) / NS_PER_MS;
        int patience = heartbeat_ms == 0 ? -1 : silent_ms >= heartbeat_ms ? 0 : (int)(heartbeat_ms - silent_ms);
        poll(in, 2, patience);
        struct signalfd_siginfo info;
        while (read(signals, &info, sizeof info) == (ssize_t)sizeof info)
            if (info.ssi_signo != SIGCHLD)
                end_all(worker, "asked to end by a signal");
        int status;
        if (worker_ended(worker, &status)) {
            int result = status_of(status);
            end_tree(0); /* what a program left running behind it */
            _exit(result);
        }
        if (in[0].revents != 0) {
            ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
            if (n > 0) {
                heard = now_ns();
                if (write(requests[1], bytes, (size_t)n) < 0 && errno != EAGAIN && errno != EPIPE)
                    say("a request could not be passed on");
            }
            else if (n == 0 || (errno != EAGAIN && errno != EINTR))
                end_all(worker, "stdin has ended");
        }
        if (heartbeat_ms != 0 && now_ns() - heard >= heartbeat_ms * NS_PER_MS)
            end_all(worker, "no heartbeat came");
    }
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
    prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);

    if (pipe2(requests, O_CLOEXEC | O_NONBLOCK) != 0)
        fail(FAIL_NO_MEMORY, NULL, "No pipe can be made: %s.", strerror(errno));
    pid_t guard = getpid(), worker = fork();
    if (worker < 0)
        fail(FAIL_NO_MEMORY, NULL, "No process can be started: %s.", strerror(errno));
    if (worker > 0) {
        int signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
        if (signals < 0)
            end_all(worker, "signals cannot be watched");
        close(requests[0]);
        watch(worker, signals, heartbeat_ms);
    }
    close(requests[1]);
    prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
    if (getppid() != guard)
        _exit(STATUS_GUARDED);
    sigprocmask(SIG_SETMASK, &before, NULL);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC); /* stdin is the guard's */
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
