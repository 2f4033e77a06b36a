/* The core's life, its clock, and the way of a datagram in: SRTP to its producer, everything else to the caller. */

#define _GNU_SOURCE /* recvmmsg, sendmmsg */

#include <errno.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bytes.h"
#include "state.h"

#define UNKNOWN_SSRC_OCTETS 128
#define RTCP_HEADER 8

#ifdef CORE_SOURCES
__attribute__((used)) static const char built_from[] = CORE_SOURCES; /* tools/build_core.py looks for it */
#endif

uint32_t core_sizeof(int which)
{
    static const uint32_t sizes[] = {sizeof(core_address), sizeof(core_upcall), sizeof(core_producer_stats),
                                     sizeof(core_consumer_stats), sizeof(core_totals)};
    return which >= 0 && (size_t)which < sizeof sizes / sizeof *sizes ? sizes[which] : 0;
}

void core_random(void *out, uint32_t size)
{
    if (RAND_bytes(out, (int)size) != 1)
        abort();
}

uint64_t core_now(const core *c)
{
    struct timespec t;
    if (c->frozen_us)
        return c->frozen_us;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void core_set_clock(core *c, uint64_t now_us)
{
    c->frozen_us = now_us;
}

static bool open_input(core *c)
{
    c->in_data = calloc(CORE_BATCH, sizeof *c->in_data);
    c->in_messages = calloc(CORE_BATCH, sizeof *c->in_messages);
    c->in_parts = calloc(CORE_BATCH, sizeof *c->in_parts);
    c->in_addresses = calloc(CORE_BATCH, sizeof *c->in_addresses);
    if (!c->in_data || !c->in_messages || !c->in_parts || !c->in_addresses)
        return false;
    for (int i = 0; i < CORE_BATCH; i++) {
        c->in_parts[i] = (struct iovec){.iov_base = c->in_data[i], .iov_len = CORE_MAX_DATAGRAM};
        c->in_messages[i].msg_hdr =
            (struct msghdr){.msg_name = &c->in_addresses[i], .msg_iov = &c->in_parts[i], .msg_iovlen = 1};
    }
    return true;
}

core *core_open(int fd, int family)
{
    core *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->fd = fd;
    c->family = family;
    core_random(&c->by_address.seed, sizeof c->by_address.seed);
    c->by_ssrc.seed = c->by_address.seed;
    c->output = output_open();
    if (!c->output || !open_input(c)) {
        core_close(c);
        return NULL;
    }
    return c;
}

void core_close(core *c)
{
    if (!c)
        return;
    for (uint32_t i = 0; i < c->peers.size; i++)
        if (c->peers.items[i])
            core_remove_peer(c, ((peer *)c->peers.items[i])->handle);
    table_free(&c->peers);
    table_free(&c->producers);
    table_free(&c->consumers);
    map_free(&c->by_address);
    map_free(&c->by_ssrc);
    output_close(c->output);
    free(c->in_data);
    free(c->in_messages);
    free(c->in_parts);
    free(c->in_addresses);
    free(c);
}

int core_send(core *c, const core_address *to, const uint8_t *data, uint32_t size)
{
    struct sockaddr_storage sockaddr;
    socklen_t sockaddr_size = address_to_socket(to, c->family, &sockaddr);
    if (!sockaddr_size)
        return CORE_BAD_ARGUMENT;
    output_now(c, (struct sockaddr *)&sockaddr, sockaddr_size, data, size);
    return 0;
}

int core_send_rtcp(core *c, int handle, const uint8_t *data, uint32_t size)
{
    uint8_t packet[CORE_MAX_RTCP + SRTP_MAX_TRAILER];
    peer *p = table_get(&c->peers, handle);
    if (!p)
        return CORE_UNKNOWN_HANDLE;
    if (size < RTCP_HEADER || size > CORE_MAX_RTCP)
        return CORE_BAD_ARGUMENT;
    if (!p->sockaddr_size)
        return 0;
    if (p->rtcp_index == 0x7FFFFFFF)
        return CORE_CRYPTO; /* RFC 3711 §9.2: the keys are used up */
    memcpy(packet, data, size);
    uint32_t sealed = srtp_seal_rtcp(&p->tx, packet, size, ++p->rtcp_index);
    if (!sealed)
        return CORE_CRYPTO;
    output_now(c, (struct sockaddr *)&p->sockaddr, p->sockaddr_size, packet, sealed);
    return 0;
}

static int reject(core *c)
{
    c->totals.rejected++;
    return 0;
}

static int reject_replay(core *c)
{
    c->totals.replayed++;
    return reject(c);
}

static int tell(core_upcall *upcall, int kind, int handle, const uint8_t *data, uint32_t size)
{
    upcall->kind = kind;
    upcall->peer = handle;
    upcall->data = data;
    upcall->size = size;
    return 1;
}

/* RFC 4588 §4: two octets of original sequence number, then the original payload. Without them it only pads. */
static void take_repair(core *c, producer *p, rtp_packet *rtp)
{
    if (rtp->payload_size < 2)
        return;
    c->totals.rtx_in++;
    rtp->seq = read_u16(rtp->payload);
    rtp->payload += 2;
    rtp->payload_size -= 2;
    producer_take(c, p, rtp, true);
}

static int take_rtp(core *c, peer *p, uint8_t *data, uint32_t size, core_upcall *upcall)
{
    static const window untouched;
    rtp_packet rtp;
    uint32_t header_size = rtp_header_size(data, size);
    if (!header_size)
        return reject(c);
    uint32_t ssrc = read_u32(data + 8);
    source *s = peer_source(c, p, ssrc);
    const window *seen = s ? &s->rtp : &untouched;
    uint64_t index = window_estimate(seen, read_u16(data + 2));
    if (!window_is_new(seen, index))
        return reject_replay(c);
    size = srtp_open_rtp(&p->rx, data, size, header_size, index);
    if (!size || (!s && !(s = peer_add_source(c, p, ssrc))))
        return reject(c);
    window_add(&s->rtp, index);
    c->totals.packets_in++;
    if (!s->producer)
        return tell(upcall, CORE_UNKNOWN_SSRC, p->handle, data, size < UNKNOWN_SSRC_OCTETS ? size : UNKNOWN_SSRC_OCTETS);
    if (!rtp_read(data, size, header_size, p->ids.audio_level, &rtp))
        return reject(c);
    if (s->repairs)
        take_repair(c, s->producer, &rtp);
    else
        producer_take(c, s->producer, &rtp, false);
    return 0;
}

static int take_rtcp(core *c, peer *p, uint8_t *data, uint32_t size, core_upcall *upcall)
{
    uint32_t index;
    if (!srtp_rtcp_index(&p->rx, data, size, &index))
        return reject(c);
    uint32_t ssrc = read_u32(data + 4);
    source *s = peer_source(c, p, ssrc);
    if (s && !window_is_new(&s->rtcp, index))
        return reject_replay(c);
    size = srtp_open_rtcp(&p->rx, data, size);
    if (!size || (!s && !(s = peer_add_source(c, p, ssrc))))
        return reject(c);
    window_add(&s->rtcp, index);
    return tell(upcall, CORE_RTCP, p->handle, data, size);
}

/* RFC 7983 §7: 128 to 191 is RTP or RTCP; RFC 5761 §4: packet types 192 to 223 are RTCP. */
static int take_datagram(core *c, const core_address *from, uint8_t *data, uint32_t size, core_upcall *upcall)
{
    upcall->source = *from;
    if (!size)
        return 0;
    if (data[0] < 128 || data[0] > 191)
        return tell(upcall, CORE_DATAGRAM, -1, data, size);
    peer *p = peer_at(c, from);
    if (!p || size < 2)
        return reject(c);
    return data[1] >= 192 && data[1] <= 223 ? take_rtcp(c, p, data, size, upcall) : take_rtp(c, p, data, size, upcall);
}

int core_receive(core *c, const core_address *from, uint8_t *data, uint32_t size, core_upcall *upcall)
{
    c->now_us = core_now(c);
    int upcalls = take_datagram(c, from, data, size, upcall);
    output_flush(c);
    return upcalls;
}

int core_pump(core *c, core_upcall *upcalls, int *received)
{
    int told = 0;
    for (int i = 0; i < CORE_BATCH; i++)
        c->in_messages[i].msg_hdr.msg_namelen = sizeof *c->in_addresses;
    int count = recvmmsg(c->fd, c->in_messages, CORE_BATCH, MSG_DONTWAIT, NULL);
    *received = count > 0 ? count : 0;
    c->now_us = core_now(c);
    for (int i = 0; i < count; i++) {
        core_address from;
        address_from_socket(&from, &c->in_addresses[i]);
        if (c->in_messages[i].msg_hdr.msg_flags & MSG_TRUNC)
            reject(c);
        else
            told += take_datagram(c, &from, c->in_data[i], c->in_messages[i].msg_len, &upcalls[told]);
    }
    output_flush(c);
    return told;
}

void core_get_totals(const core *c, core_totals *totals)
{
    *totals = c->totals;
}
