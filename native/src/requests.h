/*
 * Owns: what `run` and `hold` can be asked, a line each on the agent's stdin, and the line `answer` that each request gets. Only threads
 * and pages of the programs it started, or of the processes selected, are touched.
 */
#ifndef AGENT_REQUESTS_H
#define AGENT_REQUESTS_H

#include "observe.h"

/* Reads what there is and does it. True: something was changed. */
bool requests_take(int fd, struct watch *watch, size_t count);
/* Whether it was asked to end the programs. */
bool requests_end(void);

#endif
