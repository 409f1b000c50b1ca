/* Owns: see asked.h. */
#include "asked.h"
#include "cgroup.h"
#include "json.h"
#include "text.h"

#include <string.h>

/* Nothing but these is read out of an environment. */
static const char *const variables[] = {
    "OMP_PLACES",
    "OMP_PROC_BIND",
    "OMP_NUM_THREADS",
    "GOMP_CPU_AFFINITY",
    "KMP_AFFINITY",
    "KMP_HW_SUBSET",
    "I_MPI_PIN_DOMAIN",
    "I_MPI_PIN_PROCESSOR_LIST",
    "SLURM_CPU_BIND",
    "SLURM_CPU_BIND_TYPE",
    "SLURM_CPU_BIND_LIST",
    "SLURM_MEM_BIND",
    "SLURM_MEM_BIND_TYPE",
    "SLURM_MEM_BIND_LIST",
};
enum { VARIABLES = sizeof variables / sizeof variables[0], VALUE = 400, STATE = 64 << 10 };

static void write_environment(struct json *json, pid_t pid)
{
    struct text text = { 0 };
    int error = text_read(&text, "/proc/%d/environ", pid);
    json_open(json, '{');
    if (error != 0) {
        json_key(json, "unavailable");
        json_text(json, "its environment may be read by the same user with the ptrace right, or root");
    }
    for (size_t at = 0; error == 0 && at < text.length; at += strlen(text.bytes + at) + 1) {
        const char *line = text.bytes + at, *value = strchr(line, '=');
        for (int i = 0; value != NULL && i < VARIABLES; i++) {
            if (strlen(variables[i]) != (size_t)(value - line) || strncmp(line, variables[i], (size_t)(value - line)) != 0)
                continue;
            size_t length = strlen(value + 1);
            json_key(json, variables[i]);
            json_text_n(json, value + 1, length < VALUE ? length : VALUE);
        }
    }
    if (text.bytes != NULL)
        memset(text.bytes, 0, text.length);
    text_free(&text);
    json_close(json, '}');
}

void asked_write(struct json *json, pid_t pid)
{
    json_open(json, '{');
    json_key(json, "environment");
    write_environment(json, pid);
    json_key(json, "cpuset");
    cgroup_write_cpuset(json, pid);
    json_close(json, '}');
}

void asked_write_kubelet(struct json *json)
{
    struct text text = { 0 };
    if (text_read(&text, "/var/lib/kubelet/cpu_manager_state") == 0 && text.length < STATE)
        json_text_n(json, text.bytes, text.length);
    else
        json_null(json);
    text_free(&text);
}
