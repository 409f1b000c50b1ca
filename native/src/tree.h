/*
 * Owns: ending everything that descends from this process, which must be a sub-reaper: a descendant whose parent ends
 * becomes its child, also one that called setsid. So "no child left" (ECHILD) is proof that no descendant is left.
 */
#ifndef AGENT_TREE_H
#define AGENT_TREE_H

#include <sys/types.h>

/*
 * SIGTERM, a moment's grace, SIGKILL until nothing is left; what cannot be killed is named on stderr and left. `mute` (0: none)
 * gets no grace: it is stopped first, so that it writes to nobody and starts nothing more.
 */
void tree_end(pid_t mute);

#endif
