/*
 * Owns: the bytes between memory and the caches by node, in the measured time, of all that runs on the host: from the memory controllers'
 * counters where they may be read, else from resctrl, by the two readers that the sampler has for them.
 */
#ifndef AGENT_POOL_TRAFFIC_H
#define AGENT_POOL_TRAFFIC_H

#include "team.h"

struct json;

/* When the measured time begins and when it ends. */
void pool_traffic_at(enum phase phase);
/* The key "traffic": { "source": …, "nodes": { node: bytes a second } } or { "unavailable": why }. */
void pool_traffic_write(struct json *json);

#endif
