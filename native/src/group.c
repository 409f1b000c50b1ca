/* Owns: the command `group`: one look at the processes selected, with what was asked for them; all in one line. */
#include "args.h"
#include "clock.h"
#include "commands.h"
#include "followed.h"
#include "report.h"

void command_group(struct args *args)
{
    while (args->at < args->count) {
        if (args_is(args, "--select"))
            followed_add(args_value(args, "--select"));
        else if (args_is(args, "--numa-maps"))
            followed_whole();
        else
            args_unexpected(args, "group");
    }
    if (!followed_any())
        fail(FAIL_USAGE, NULL, "group needs --select KIND:VALUE.");
    struct json *json = report_begin("group");
    report_moment(json, now_ns());
    followed_write(json, true);
    report_end();
}
