/*
 * numa-agent: measures a Linux host from inside and prints JSON lines (docs/PROTOCOL.md, "The agent"). Owns: the order
 * of things. It greets, takes its arguments, becomes guard and worker, and the worker runs one command.
 */
#include "args.h"
#include "commands.h"
#include "guard.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    void (*run)(struct args *args);
} command[] = {
#define COMMAND_ROW(name, id) { name, command_##id },
    AGENT_COMMANDS(COMMAND_ROW)
#undef COMMAND_ROW
};

enum { COMMANDS = sizeof command / sizeof command[0] };

/* "identify, sample, ..." in fresh memory. */
static char *command_names(const char *between)
{
    char *names = words("%s", command[0].name);
    for (size_t i = 1; i < COMMANDS; i++) {
        char *longer = words("%s%s%s", names, between, command[i].name);
        free(names);
        names = longer;
    }
    return names;
}

int main(int argc, char **argv)
{
    report_hello();
    struct args args = args_take(argc, argv);
    unsigned heartbeat_ms = 0;
    while (args_is(&args, "--heartbeat-ms"))
        heartbeat_ms = (unsigned)args_number(&args, "--heartbeat-ms", 1, 3600000);
    const char *name = args_next(&args);
    if (name == NULL)
        fail(FAIL_USAGE, NULL, "Usage: numa-agent [--heartbeat-ms N] %s [OPTIONS], or numa-agent -", command_names("|"));
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(name, command[i].name) != 0)
            continue;
        guard_enter(heartbeat_ms);
        command[i].run(&args);
        report_done();
        _exit(STATUS_DONE);
    }
    fail(FAIL_USAGE, NULL, "There is no command \"%s\": %s.", name, command_names(", "));
}
