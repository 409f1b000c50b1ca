/*
 * Owns: the numbers of the Linux kernel's interface that this program uses raw. They are written out here, not
 * included, because musl has no <linux/...> headers and Alpine keeps them in a package of their own: so the sources
 * compile with a C compiler and a libc alone.
 */
#ifndef AGENT_KERNEL_H
#define AGENT_KERNEL_H

#include <assert.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* uapi/linux/mempolicy.h */
enum { POLICY_PREFERRED = 1, POLICY_BIND = 2, POLICY_INTERLEAVE = 3, POLICY_LOCAL = 4, POLICY_WEIGHTED_INTERLEAVE = 6 };
/* only pages that no other process maps */
enum { MOVE_OWN = 1 << 1 };

/* uapi/asm-generic/mman-common.h: pages are brought in at once, and a lack is an error, not a SIGBUS (Linux 5.14) */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
/* huge pages are made of small ones at once (Linux 6.1) */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

/* uapi/asm-generic/hugetlb_encode.h: the page size's logarithm lies from bit 26 of the flags of mmap */
#define HUGE_SHIFT 26

/* uapi/linux/perf_event.h */
enum { PERF_HARDWARE = 0, PERF_SOFTWARE = 1, PERF_CACHE = 3 };
enum { PERF_CYCLES = 0, PERF_INSTRUCTIONS = 1, PERF_CPU_MIGRATIONS = 4 };
enum { PERF_LAST_LEVEL = 2, PERF_DATA_TLB = 3, PERF_NODE = 6, PERF_READ_MISS = 1 << 16 };
enum { PERF_TIME_ENABLED = 1, PERF_TIME_RUNNING = 2 };
#define PERF_CLOEXEC 8UL

/* struct perf_event_attr in its first published size, which every kernel accepts */
struct perf_attributes {
    uint32_t type;
    uint32_t size;
    uint64_t config;
    uint64_t sample_period;
    uint64_t sample_type;
    uint64_t read_format;
    uint64_t disabled : 1, inherit : 1, pinned : 1, exclusive : 1, exclude_user : 1, exclude_kernel : 1,
        exclude_hv : 1, exclude_idle : 1, mmap : 1, comm : 1, freq : 1, inherit_stat : 1, enable_on_exec : 1,
        unused : 51;
    uint32_t wakeup_events;
    uint32_t breakpoint_type;
    uint64_t config1;
};
static_assert(sizeof(struct perf_attributes) == 64, "PERF_ATTR_SIZE_VER0 is 64 bytes");

#endif
