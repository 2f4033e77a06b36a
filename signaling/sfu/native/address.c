/* Socket addresses to and from the one form the core compares: IPv6, with IPv4 mapped into it (RFC 4291 §2.5.5.2). */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "state.h"

static const uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

socklen_t address_to_socket(const core_address *address, int family, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (family == AF_INET) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out;
        if (memcmp(address->ip, MAPPED, sizeof MAPPED))
            return 0;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(address->port);
        memcpy(&v4->sin_addr, address->ip + sizeof MAPPED, 4);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address->port);
    v6->sin6_scope_id = address->scope;
    memcpy(&v6->sin6_addr, address->ip, 16);
    return sizeof *v6;
}

void address_from_socket(core_address *address, const struct sockaddr_storage *in)
{
    memset(address, 0, sizeof *address);
    if (in->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)in;
        memcpy(address->ip, MAPPED, sizeof MAPPED);
        memcpy(address->ip + sizeof MAPPED, &v4->sin_addr, 4);
        address->port = ntohs(v4->sin_port);
        return;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)in;
    memcpy(address->ip, &v6->sin6_addr, 16);
    address->scope = v6->sin6_scope_id;
    address->port = ntohs(v6->sin6_port);
}
