/*
 * Owns: what `run` can be asked while its programs run, a line each on the agent's stdin, and the line `answer` that each
 * request gets. Only threads and pages of the programs it started are touched.
 */
#ifndef AGENT_REQUESTS_H
#define AGENT_REQUESTS_H

#include "observe.h"

/* Reads what there is and does it. True: something was changed. */
bool requests_take(int fd, const struct watch *watch, size_t count);
/* Whether it was asked to end the programs. */
bool requests_end(void);

#endif
