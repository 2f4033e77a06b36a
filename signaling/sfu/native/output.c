/* Sending: packets are encrypted into one buffer and leave together, a peer's runs of equal size as one GSO train. */

#define _GNU_SOURCE /* recvmmsg, sendmmsg */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

#ifndef SLOTS
#define SLOTS 1024 /* fuzzing builds take fewer, to fill them */
#endif
#define SLOT_SIZE 2176u   /* CORE_MAX_DATAGRAM with the longest header we write, RTX's two octets and a tag */
#define MOST_SEGMENTS 64  /* the kernel's limit */
#define MOST_OCTETS 60000 /* of one train: below UDP's 65,507 */

typedef union {
    struct cmsghdr alignment;
    uint8_t bytes[CMSG_SPACE(sizeof(uint16_t))];
} control_buffer;

/* What one system call message carries. */
typedef struct {
    peer *peer;
    uint32_t first_part, segments, octets, segment_size;
} train;

struct output {
    uint8_t (*data)[SLOT_SIZE];
    uint32_t count, touched_count, train_count;
    peer *touched[SLOTS];
    int32_t next[SLOTS]; /* the same peer's following packet */
    uint32_t size[SLOTS];
    train trains[SLOTS];
    struct mmsghdr messages[SLOTS];
    struct iovec parts[SLOTS];
    control_buffer control[SLOTS];
};

output *output_open(void)
{
    output *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    o->data = aligned_alloc(64, SLOTS * SLOT_SIZE);
    if (!o->data) {
        free(o);
        return NULL;
    }
    return o;
}

void output_close(output *o)
{
    if (o)
        free(o->data);
    free(o);
}

static void queue(output *o, peer *p, uint32_t size)
{
    int32_t slot = (int32_t)o->count++;
    o->size[slot] = size;
    o->next[slot] = -1;
    if (p->first_out < 0) {
        p->first_out = slot;
        o->touched[o->touched_count++] = p;
    } else {
        o->next[p->last_out] = slot;
    }
    p->last_out = slot;
}

/* 6.18 fixed-point seconds, the abs-send-time extension. */
static uint32_t abs_send_time(uint64_t now_us)
{
    return (uint32_t)((now_us % 64000000 << 18) / 1000000) & 0xFFFFFF;
}

uint32_t output_add(core *c, peer *p, rtp_header *header, const span *parts, int count, uint64_t index)
{
    output *o = c->output;
    if (o->count == SLOTS)
        output_flush(c);
    header->seq = (uint16_t)index;
    header->abs_send_time = abs_send_time(c->now_us);
    header->twcc_seq = p->twcc_seq;
    uint8_t *out = o->data[o->count];
    uint32_t header_size = rtp_write_header(out, header, &p->ids);
    uint32_t size = srtp_seal_rtp(&p->tx, out, header_size, parts, count, index);
    if (!size) {
        c->totals.send_errors++;
        return 0;
    }
    p->twcc_seq++;
    queue(o, p, size);
    return size;
}

static bool joins(const output *o, const train *t, uint32_t size)
{
    return !t->peer->no_gso && t->segments < MOST_SEGMENTS && t->octets + size <= MOST_OCTETS && size <= t->segment_size &&
           o->parts[t->first_part + t->segments - 1].iov_len == t->segment_size;
}

/* A peer's packets, in order, as trains: equal sizes, only the last may be shorter. */
static void form_trains(output *o, peer *p, uint32_t *part)
{
    train *t = NULL;
    for (int32_t slot = p->first_out; slot >= 0; slot = o->next[slot], (*part)++) {
        uint32_t size = o->size[slot];
        if (!t || !joins(o, t, size)) {
            t = &o->trains[o->train_count++];
            *t = (train){.peer = p, .first_part = *part, .segment_size = size};
        }
        o->parts[*part] = (struct iovec){.iov_base = o->data[slot], .iov_len = size};
        t->segments++;
        t->octets += size;
    }
    p->first_out = p->last_out = -1;
}

static void describe(output *o, uint32_t i)
{
    train *t = &o->trains[i];
    struct msghdr *message = &o->messages[i].msg_hdr;
    *message = (struct msghdr){.msg_name = &t->peer->sockaddr,
                               .msg_namelen = t->peer->sockaddr_size,
                               .msg_iov = &o->parts[t->first_part],
                               .msg_iovlen = t->segments};
    if (t->segments == 1)
        return;
    uint16_t segment_size = (uint16_t)t->segment_size;
    message->msg_control = &o->control[i];
    message->msg_controllen = sizeof o->control[i].bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    header->cmsg_level = IPPROTO_UDP;
    header->cmsg_type = UDP_SEGMENT;
    header->cmsg_len = CMSG_LEN(sizeof segment_size);
    memcpy(CMSG_DATA(header), &segment_size, sizeof segment_size);
}

static void count_sent(core *c, const train *t)
{
    c->totals.packets_out += t->segments;
    c->totals.octets_out += t->octets;
}

/* A way out that cannot segment (no checksum offload, a smaller MTU): packet by packet, for this peer from now on. */
static void send_singly(core *c, const train *t)
{
    output *o = c->output;
    t->peer->no_gso = true;
    for (uint32_t i = 0; i < t->segments; i++) {
        struct iovec *part = &o->parts[t->first_part + i];
        if (output_now(c, (struct sockaddr *)&t->peer->sockaddr, t->peer->sockaddr_size, part->iov_base, (uint32_t)part->iov_len)) {
            c->totals.packets_out++;
            c->totals.octets_out += part->iov_len;
        }
    }
}

/* Full buffers of socket or interface: whatever is left is lost, as on any link, and nobody waits. */
static bool is_full(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
}

static void send_trains(core *c)
{
    output *o = c->output;
    uint32_t at = 0;
    while (at < o->train_count) {
        int sent = sendmmsg(c->fd, o->messages + at, o->train_count - at, MSG_DONTWAIT);
        for (int i = 0; i < sent; i++)
            count_sent(c, &o->trains[at++]);
        if (sent > 0 || (sent < 0 && errno == EINTR))
            continue;
        if (is_full(errno)) {
            for (; at < o->train_count; at++)
                c->totals.send_errors += o->trains[at].segments;
        } else if (o->trains[at].segments > 1) {
            send_singly(c, &o->trains[at++]);
        } else {
            c->totals.send_errors++;
            at++;
        }
    }
}

void output_flush(core *c)
{
    output *o = c->output;
    uint32_t part = 0;
    for (uint32_t i = 0; i < o->touched_count; i++)
        form_trains(o, o->touched[i], &part);
    for (uint32_t i = 0; i < o->train_count; i++)
        describe(o, i);
    send_trains(c);
    o->count = o->touched_count = o->train_count = 0;
}

bool output_now(core *c, const struct sockaddr *to, socklen_t to_size, const uint8_t *data, uint32_t size)
{
    ssize_t sent;
    do
        sent = sendto(c->fd, data, size, MSG_DONTWAIT, to, to_size);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        c->totals.send_errors++;
    return sent >= 0;
}
