/*
 * Owns: the check of which control groups are meant by the names that people know them by, and of the reading of their lists; of who
 * descends from whom; and of a sample of pages against what was mapped.
 */
#define _GNU_SOURCE
#include "cgroup.h"
#include "check.h"
#include "sampled_pages.h"
#include "selection.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ID "3f4e1c0a9b2d3f4e1c0a9b2d3f4e1c0a9b2d3f4e1c0a9b2d3f4e1c0a9b2d0123"
#define UID "0a1b2c3d-1111-2222-3333-444455556666"
#define UNDERSCORED "0a1b2c3d_1111_2222_3333_444455556666"

static bool is(const char *selection, const char *path, const char *group)
{
    struct selection parsed = selection_parse(selection);
    size_t length = selection_in_path(&parsed, path);
    free(parsed.text);
    return length == strlen(group) && strncmp(path, group, length) == 0;
}

static void check_paths(void)
{
    CHECK(is("cgroup:/a", "/a", "/a") && is("cgroup:/a", "/a/b", "/a") && is("cgroup:/a", "/ab", "") && is("cgroup:/", "/x", "/"));
    CHECK(is("unit:x.service", "/system.slice/x.service", "/system.slice/x.service"));
    CHECK(is("unit:x.service", "/system.slice/x.service/worker", "/system.slice/x.service"));
    CHECK(is("unit:x.service", "/system.slice/ax.service", "") && is("unit:cpu.service", "/system.slice/_cpu.service", "/system.slice/_cpu.service"));
    CHECK(is("container:" ID, "/system.slice/docker-" ID ".scope", "/system.slice/docker-" ID ".scope"));
    CHECK(is("container:3f4e1c", "/system.slice/docker-" ID ".scope/init", "/system.slice/docker-" ID ".scope"));
    CHECK(is("container:3f4e1c", "/kubepods/besteffort/pod" UID "/" ID, "/kubepods/besteffort/pod" UID "/" ID));
    CHECK(is("container:3f4e1c", "/a/cri-containerd-" ID ".scope", "/a/cri-containerd-" ID ".scope"));
    CHECK(is("container:4e1c", "/system.slice/docker-" ID ".scope", "") && is("container:docker", "/system.slice/docker.service", ""));
    CHECK(is("container:web", "/lxc.payload.web", "/lxc.payload.web") && is("container:we", "/lxc.payload.web", ""));
    CHECK(is("pod:" UID, "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UNDERSCORED ".slice/cri-containerd-" ID ".scope",
             "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UNDERSCORED ".slice"));
    CHECK(is("pod:" UID, "/kubepods/pod" UID "/" ID, "/kubepods/pod" UID) && is("pod:0a1b", "/kubepods/pod" UID, ""));
    CHECK(is("pid:1", "/", "") && is("name:x.service", "/x.service", ""));
}

static void check_lines(void)
{
    char text[] = "12:cpu,cpuacct:/a\n4:memory:/b/c\nnonsense\n0::/d\n", *rest = text, *controllers, *path;
    CHECK(cgroup_next(&rest, &controllers, &path) && cgroup_has(controllers, "cpu") && cgroup_has(controllers, "cpuacct"));
    CHECK(!cgroup_has(controllers, "acct") && !cgroup_has(controllers, "cpuset") && strcmp(path, "/a") == 0);
    CHECK(cgroup_next(&rest, &controllers, &path) && cgroup_has(controllers, "memory"));
    CHECK(cgroup_next(&rest, &controllers, &path) && controllers[0] == '\0' && strcmp(path, "/d") == 0);
    CHECK(!cgroup_next(&rest, &controllers, &path));
}

/* A number means the process that had it when it was first looked for. */
static void check_tree(void)
{
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    char text[32];
    snprintf(text, sizeof text, "pid:%d", child);
    struct selection selection = selection_parse(text);
    struct members members = selection_find(&selection);
    CHECK(members.pids.count == 1 && members.pids.list[0] == child && members.groups.count == 0);
    members_free(&members);
    selection.start++;
    members = selection_find(&selection);
    CHECK(members.pids.count == 0);
    members_free(&members);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    selection.start--;
    members = selection_find(&selection);
    CHECK(members.pids.count == 0);
    members_free(&members);
    free(selection.text);
}

/* A reservation of a terabyte with a little in it, and what is touched elsewhere. */
static void check_pages(void)
{
    static struct sampled_pages sampled;
    size_t terabyte = (size_t)1 << 40, touched = (size_t)64 << 20;
    unsigned char *reserved = mmap(NULL, terabyte, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    unsigned char *full = mmap(NULL, touched, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(full != MAP_FAILED);
    memset(full, 1, touched);
    if (reserved != MAP_FAILED)
        memset(reserved, 1, (size_t)1 << 20);
    pages_sample(&sampled, getpid(), SAMPLED_PAGES);
    double sum = 0;
    for (int node = 0; node < SAMPLED_NODES; node++)
        sum += sampled.share[node];
    if (sampled.error == 0) { /* a container may forbid move_pages */
        CHECK(sampled.resident_bytes >= touched && sum > 0.999 && sum < 1.001);
        CHECK(sampled.all || (sampled.found >= SAMPLED_PAGES / 2 && sampled.asked <= SAMPLED_PAGES * 8));
#ifndef __SANITIZE_ADDRESS__ /* whose own pages lie scattered over a reservation of terabytes: a sample misses some of them */
        CHECK(sampled.missed < 0.1);
#endif
    }
    pages_sample(&sampled, 4194303, SAMPLED_PAGES);
    CHECK(sampled.error != 0);
}

int main(void)
{
    check_paths();
    check_lines();
    check_tree();
    check_pages();
    return failed;
}
