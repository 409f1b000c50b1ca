/*
 * Owns: the command `hold`: does what it is asked to do to the processes of a selection, and remembers what that changed, so that it can
 * be taken back for as long as this runs. It changes nothing when it ends.
 */
#include "args.h"
#include "commands.h"
#include "guard.h"
#include "observe.h"
#include "report.h"
#include "requests.h"
#include "selection.h"

#include <poll.h>

static struct selection selection;

/* Who belongs to it now: others may have come since the last request. */
static void find(struct watch *watch)
{
    struct members members = selection_find(&selection);
    pids_free(&watch->family);
    watch->family = members.pids;
    members.pids = (struct pids){ 0 };
    members_free(&members);
    watch->pid = watch->family.count > 0 ? watch->family.list[0] : 0;
}

void command_hold(struct args *args)
{
    const char *text = args_is(args, "--select") ? args_value(args, "--select") : NULL;
    struct watch watch = { .find = find };
    if (text == NULL || args->at < args->count)
        fail(FAIL_USAGE, NULL, "Usage: hold --select KIND:VALUE");
    selection = selection_parse(text);
    find(&watch); /* a process ID means the process that has it now */
    report_begin("holding");
    report_end();
    while (!requests_end()) {
        struct pollfd in = { .fd = guard_requests(), .events = POLLIN };
        if (poll(&in, 1, -1) > 0)
            requests_take(in.fd, &watch, 1);
    }
}
