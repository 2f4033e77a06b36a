#ifndef PLENO_STATE_H
#define PLENO_STATE_H
/* What the core remembers: peers, the SSRCs they send, producers, consumers, and packets about to leave. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "cache.h"
#include "core_types.h"
#include "rtp.h"
#include "srtp.h"
#include "table.h"
#include "window.h"

#define MOST_SSRCS 256 /* that one peer may send, ever: replay protection must remember each */

typedef struct producer producer;
typedef struct consumer consumer;
typedef struct peer peer;
typedef struct output output;

/* One SSRC a peer sends: it outlives its producer, so that old packets stay replays. */
typedef struct source {
    window rtp, rtcp;
    producer *producer; /* NULL: nobody asked for it yet */
    struct source *next;
    uint32_t ssrc;
    bool repairs; /* the producer's RTX stream */
} source;

/* An SSRC we send to a peer. It outlives its consumer: taken again, it goes on counting (a GCM nonce is used once). */
typedef struct {
    uint64_t next_index; /* as its last consumer left it */
    uint32_t ssrc;
} sent_ssrc;

typedef struct {
    int64_t tokens, depth; /* bits * 10^6 */
    uint64_t filled_us;
    uint32_t rate_bps;
} bucket;

struct peer {
    srtp_keys tx, rx;
    extension_ids ids;
    core_address address;
    struct sockaddr_storage sockaddr;
    socklen_t sockaddr_size; /* 0: no address yet */
    bucket rtx;
    source *sources;
    producer *producers;
    consumer *consumers;
    sent_ssrc *sent;
    uint32_t source_count, sent_count, rtcp_index;
    int handle;
    int32_t first_out, last_out; /* this peer's packets in the output, -1: none */
    uint16_t twcc_seq;
    bool no_gso;
};

struct producer {
    peer *peer;
    producer *next;
    source *source, *rtx_source;
    consumer **consumers;
    uint32_t consumer_count, consumer_capacity;
    window seen;
    packet_cache cache;
    missing_list missing;
    uint64_t packets, octets, recovered, duplicates, arrival_us, base_index;
    uint64_t jitter_q4;
    uint32_t transit, last_rtp_ts;
    uint8_t level;
    int handle, kind;
};

/* When a packet of the current source was last resent. */
typedef struct {
    uint64_t index, sent_us;
} resent_packet;

struct consumer {
    peer *peer;
    consumer *next;
    producer *source; /* NULL: paused */
    resent_packet *resent; /* made by the first NACK */
    uint64_t next_index; /* of the first packet never sent: ROC and sequence number */
    uint64_t rtx_index;
    uint64_t first_in, first_out; /* where the current source starts, there and here */
    uint64_t last_us;
    uint64_t packets, octets, retransmitted, refused;
    uint32_t position; /* among the source's consumers */
    uint32_t ssrc, rtx_ssrc, ts_offset, last_rtp_ts;
    int handle, kind;
    uint8_t payload_type, rtx_payload_type, mid_size;
    uint8_t mid[MID_MAX];
    bool aligned; /* first_in, first_out and ts_offset hold for the current source */
    bool started; /* has sent something */
};

struct core {
    core_totals totals;
    table peers, producers, consumers;
    map by_address, by_ssrc;
    output *output;
    uint64_t now_us, frozen_us;
    int fd, family;
    uint8_t (*in_data)[CORE_MAX_DATAGRAM];
    struct mmsghdr *in_messages;
    struct iovec *in_parts;
    struct sockaddr_storage *in_addresses;
};

/* core.c */
uint64_t core_now(const core *);
void core_random(void *out, uint32_t size);

/* address.c */
socklen_t address_to_socket(const core_address *, int family, struct sockaddr_storage *); /* 0: not of this family */
void address_from_socket(core_address *, const struct sockaddr_storage *);

/* peer.c */
peer *peer_at(const core *, const core_address *);
source *peer_source(const core *, const peer *, uint32_t ssrc);
source *peer_add_source(core *, peer *, uint32_t ssrc); /* NULL: too many or no memory */
bool peer_spend(core *, peer *, uint32_t octets);       /* from the RTX budget */
bool peer_claim(peer *, uint32_t ssrc, uint64_t *first_index); /* false: no memory */
void peer_release(peer *, uint32_t ssrc, uint64_t next_index);

/* producer.c */
void producer_take(core *, producer *, const rtp_packet *, bool recovered);
void producer_remove(core *, producer *);
uint32_t clock_rate(int kind);

/* consumer.c */
void consumer_forward(core *, consumer *, uint64_t index, const rtp_packet *);
void consumer_detach(consumer *);
void consumer_remove(core *, consumer *);

/* output.c */
output *output_open(void);
void output_close(output *);

/* One packet for a peer, encrypted now and sent by the next flush. Returns its size, 0 when encryption failed. */
uint32_t output_add(core *, peer *, rtp_header *, const span *parts, int count, uint64_t index);
void output_flush(core *);
bool output_now(core *, const struct sockaddr *, socklen_t, const uint8_t *data, uint32_t size);

#endif
