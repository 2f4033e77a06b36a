/* libFuzzer target: any datagram from a known and an unknown address, as the socket would deliver it. */

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "state.h"

static const core_address KNOWN = {.ip = {[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1}, .port = 5000};
static const core_address UNKNOWN = {.ip = {[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1}, .port = 5001};

static core *open_with_peer(int profile)
{
    static const uint8_t key[44];
    core *c = core_open(-1, AF_INET);
    int handle = core_add_peer(c, profile, key, key);
    core_set_address(c, handle, &KNOWN);
    core_set_extensions(c, handle, 1, 2, 3, 4);
    core_add_producer(c, handle, CORE_VP8, 0x01020304, 0x05060708);
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int profiles[] = {CORE_AES128_CM_SHA1_80, CORE_AEAD_AES_128_GCM, CORE_AEAD_AES_256_GCM};
    static core *cores[3];
    if (size < 1 || size > CORE_MAX_DATAGRAM)
        return 0;
    core **c = &cores[data[0] % 3];
    if (!*c)
        *c = open_with_peer(profiles[data[0] % 3]);
    uint8_t *copy = malloc(size); /* its own allocation, so that reading past the end is seen */
    core_upcall upcall;
    for (int known = 0; known < 2; known++) {
        memcpy(copy, data + 1, size - 1);
        int upcalls = core_receive(*c, known ? &KNOWN : &UNKNOWN, copy, (uint32_t)size - 1, &upcall);
        if (upcalls && (upcall.data < copy || upcall.data + upcall.size > copy + size - 1))
            abort();
    }
    free(copy);
    return 0;
}
