/*
 * Owns: the arguments. They come from the command line, or from stdin in a form in which no string of a user's ever
 * meets a shell; then they are read one after another.
 */
#ifndef AGENT_ARGS_H
#define AGENT_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct args {
    char **list; /* ends with NULL */
    int count;
    int at; /* the next one to be read */
};

/* Takes the arguments of main. "-" alone: they come on stdin, and no byte after them is read. */
struct args args_take(int argc, char **argv);

/* The next argument, or NULL at the end. */
char *args_next(struct args *args);
/* If the next argument is this option, steps over it. */
bool args_is(struct args *args, const char *option);
/* The value of the option just stepped over; ends with `usage` where there is none or it is not of this kind. */
char *args_value(struct args *args, const char *option);
uint64_t args_number(struct args *args, const char *option, uint64_t least, uint64_t most);
/* Ends with `usage`, naming the argument nobody wanted. */
__attribute__((noreturn)) void args_unexpected(const struct args *args, const char *command);

/* A whole number of decimal digits within the bounds, or false. */
bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *number);
/* As above for one part of a case; ends with `usage`. */
uint64_t case_number(const char *key, const char *value, uint64_t least, uint64_t most);

/* One key=value of a case; steps along `rest` (which it cuts into pieces). False at the end. */
bool case_next(char **rest, char **key, char **value);

#endif
