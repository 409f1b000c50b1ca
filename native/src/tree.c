/* Owns: see tree.h. */
#include "tree.h"
#include "clock.h"
#include "process.h"
#include "report.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between SIGTERM and SIGKILL: a program of the user's may want to remove its files. */
#define GRACE_MS 200
/* A process in an uninterruptible wait, or one that gained rights, cannot be killed: it is named, and then left. */
#define GIVE_UP_MS 10000

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

void tree_end(pid_t mute)
{
    uint64_t start = now_ns();
    if (!reap())
        return;
    struct pids all = descendants(getpid());
    if (mute > 0)
        kill(mute, SIGSTOP);
    signal_all(&all, mute, SIGTERM);
    bool others = all.count > (pids_has(&all, mute) ? 1u : 0u), left = true;
    pids_free(&all);
    while (others && left && now_ns() - start < GRACE_MS * NS_PER_MS) {
        sleep_until(now_ns() + 5 * NS_PER_MS);
        left = reap();
        all = descendants(getpid());
        others = all.count > (pids_has(&all, mute) ? 1u : 0u);
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
