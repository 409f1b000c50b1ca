/*
 * Owns: the list of what the agent can do. Each command reads its own arguments, runs in the worker, and returns only
 * when its answer is complete.
 */
#ifndef AGENT_COMMANDS_H
#define AGENT_COMMANDS_H

struct args;

/* Every command: its name, and the identifier behind `command_` of the function that runs it. */
#define AGENT_COMMANDS(row) \
    row("identify", identify) \
    row("sample", sample) \
    row("processes", processes) \
    row("group", group) \
    row("hold", hold) \
    row("spsc", spsc) \
    row("memory", memory) \
    row("core-to-core", core_to_core) \
    row("pool", pool) \
    row("metrics", metrics) \
    row("run", run)

#define COMMAND_DECLARE(name, id) void command_##id(struct args *args);
AGENT_COMMANDS(COMMAND_DECLARE)
#undef COMMAND_DECLARE

#endif
