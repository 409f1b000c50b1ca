/*
 * Owns: the list of what the agent can do. Each command reads its own arguments, runs in the worker, and returns only
 * when its answer is complete.
 */
#ifndef AGENT_COMMANDS_H
#define AGENT_COMMANDS_H

struct args;

void command_identify(struct args *args);
void command_sample(struct args *args);
void command_spsc(struct args *args);
void command_memory(struct args *args);
void command_core_to_core(struct args *args);
void command_run(struct args *args);

#endif
