/*
 * Owns: the command `identify`: under which hypervisor this host runs, and whether software plays its CPU. On x86-64
 * the hypervisor signs a CPUID leaf; elsewhere the firmware's tables are all there is.
 */
#include "args.h"
#include "commands.h"
#include "json.h"
#include "report.h"
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct identity {
    char hypervisor[64]; /* empty: none */
    bool emulated;
};

#if defined(__x86_64__)
#include <cpuid.h>

static void signature_at(unsigned leaf, char signature[13])
{
    unsigned a, b = 0, c = 0, d = 0;
    __cpuid(leaf, a, b, c, d);
    memcpy(signature, &b, 4);
    memcpy(signature + 4, &c, 4);
    memcpy(signature + 8, &d, 4);
    signature[12] = '\0';
}

static struct identity identify(void)
{
    static const char *const known[][2] = {
        { "KVMKVMKVM", "kvm" },      { "TCGTCGTCGTCG", "tcg" },     { "VMwareVMware", "vmware" }, { "Microsoft Hv", "hyperv" },
        { "XenVMMXenVMM", "xen" },   { "bhyve bhyve ", "bhyve" },
    };
    struct identity identity = { 0 };
    unsigned a, b, c = 0, d;
    char signature[13];
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c >> 31 & 1) == 0)
        return identity;
    /* KVM and Xen can show Hyper-V's face first, for Windows, and their own further up. Linux looks the same way. */
    for (unsigned leaf = 0x40000100; leaf < 0x40001000; leaf += 0x100) {
        signature_at(leaf, signature);
        if (strcmp(signature, known[0][0]) == 0 || strcmp(signature, known[4][0]) == 0)
            break;
        signature[0] = '\0';
    }
    if (signature[0] == '\0')
        signature_at(0x40000000, signature);
    snprintf(identity.hypervisor, sizeof identity.hypervisor, "%s", signature[0] != '\0' ? signature : "unknown");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(signature, known[i][0]) == 0)
            strcpy(identity.hypervisor, known[i][1]);
    identity.emulated = strcmp(identity.hypervisor, "tcg") == 0;
    return identity;
}

#else

/* Whether a file of the firmware's (its strings may be several, each ended by NUL) holds the word. */
static bool says(const char *path, const char *word)
{
    struct text text = { 0 };
    bool found = false;
    if (text_read(&text, "%s", path) == 0)
        for (size_t at = 0; !found && at < text.length; at += strlen(text.bytes + at) + 1)
            found = strstr(text.bytes + at, word) != NULL;
    text_free(&text);
    return found;
}

#define DMI "/sys/class/dmi/id/"
#define TREE "/proc/device-tree/"

/*
 * QEMU's virt machine names itself in both tables, and differently under KVM: its DMI product is "KVM Virtual Machine",
 * and its tree calls the CPUs "arm,arm-v8" (the host's own), where TCG names a model. An old QEMU may keep the model
 * under KVM too; then the counter's rate decides, for 62.5 MHz is QEMU's own and no hardware's.
 */
static bool tree_is_emulated(void)
{
#if defined(__aarch64__)
    uint64_t rate;
    __asm__("mrs %0, cntfrq_el0" : "=r"(rate));
    return rate == 62500000 || !says(TREE "cpus/cpu@0/compatible", "arm,arm-v8");
#else
    return true;
#endif
}

static struct identity identify(void)
{
    static const char *const vendors[][3] = {
        { DMI "product_name", "KVM Virtual Machine", "kvm" }, { DMI "sys_vendor", "VMware", "vmware" },
        { DMI "sys_vendor", "Microsoft Corporation", "hyperv" }, { "/sys/hypervisor/type", "xen", "xen" },
        { TREE "hypervisor/compatible", "linux,kvm", "kvm" }, { TREE "hypervisor/compatible", "xen,xen", "xen" },
        { DMI "sys_vendor", "Amazon EC2", "kvm" }, { DMI "sys_vendor", "Google", "kvm" },
    };
    struct identity identity = { 0 };
    bool metal = says(DMI "product_name", ".metal");
    for (size_t i = 0; !metal && identity.hypervisor[0] == '\0' && i < sizeof vendors / sizeof vendors[0]; i++)
        if (says(vendors[i][0], vendors[i][1]))
            strcpy(identity.hypervisor, vendors[i][2]);
    if (identity.hypervisor[0] != '\0')
        return identity;
    bool qemu_tree = says(TREE "fw-cfg@9020000/compatible", "qemu") || says(TREE "model", "qemu") || says(TREE "compatible", "riscv-virtio");
    if (says(DMI "sys_vendor", "QEMU") || says(DMI "product_name", "QEMU"))
        identity.emulated = true; /* under KVM the product would have said so */
    else if (qemu_tree)
        identity.emulated = tree_is_emulated();
    else if (says(TREE "compatible", "linux,dummy-virt"))
        strcpy(identity.hypervisor, "kvm"); /* kvmtool, crosvm, Firecracker and Cloud Hypervisor run on KVM alone */
    if (identity.emulated || qemu_tree)
        strcpy(identity.hypervisor, identity.emulated ? "tcg" : "kvm");
    return identity;
}

#endif

void command_identify(struct args *args)
{
    if (args->at < args->count)
        args_unexpected(args, "identify");
    struct identity identity = identify();
    struct json *json = report_begin("identify");
    json_key(json, "hypervisor");
    if (identity.hypervisor[0] != '\0')
        json_text(json, identity.hypervisor);
    else
        json_null(json);
    json_key(json, "emulated");
    json_flag(json, identity.emulated);
    report_end();
}
