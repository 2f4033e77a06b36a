/* Consumers: one outgoing SSRC each, continuous whatever feeds it, and its retransmissions. */

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "state.h"

#define HOLDOFF_US 100000u
#define OVERHEAD 46u            /* octets charged for RTP header, original number, tag and extensions */
#define RESENT_SLOTS 512u       /* at least the deepest cache */
#define FRAME_TICKS_AUDIO 960u  /* 20 ms at 48 kHz */
#define FRAME_TICKS_VIDEO 3000u /* 1/30 s at 90 kHz */

/* The timestamp where a new source goes on: the time since the last packet, at least a frame. */
static uint32_t next_rtp_ts(const core *c, const consumer *s)
{
    uint32_t least = s->kind == CORE_AUDIO ? FRAME_TICKS_AUDIO : FRAME_TICKS_VIDEO, random;
    if (!s->started) {
        core_random(&random, sizeof random);
        return random;
    }
    uint32_t elapsed = (uint32_t)((c->now_us - s->last_us) * clock_rate(s->kind) / 1000000);
    return s->last_rtp_ts + (elapsed > least ? elapsed : least);
}

static void align_seq(consumer *s, uint64_t index)
{
    s->first_in = index;
    s->first_out = s->next_index;
}

/* Where this packet of the source goes, or false when it must not be sent. */
static bool map_index(const core *c, consumer *s, uint64_t index, const rtp_packet *rtp, uint64_t *out)
{
    if (!s->aligned) {
        if (!rtp_starts_key_frame(s->kind, rtp->payload, rtp->payload_size))
            return false;
        s->ts_offset = next_rtp_ts(c, s) - rtp->rtp_ts;
        s->aligned = true;
        align_seq(s, index);
    }
    if (index < s->first_in)
        return false;
    if (index - s->first_in + s->first_out >= s->next_index + WINDOW_SIZE)
        align_seq(s, index); /* a jump that would lose the receiver's rollover counter */
    *out = index - s->first_in + s->first_out;
    return true;
}

static rtp_header header_of(const consumer *s, bool marker, uint32_t rtp_ts, int level)
{
    return (rtp_header){.mid = s->mid, .mid_size = s->mid_size, .marker = marker, .rtp_ts = rtp_ts + s->ts_offset, .level = level};
}

void consumer_forward(core *c, consumer *s, uint64_t index, const rtp_packet *rtp)
{
    uint64_t out;
    if (!s->peer->sockaddr_size || !map_index(c, s, index, rtp, &out))
        return;
    rtp_header header = header_of(s, rtp->marker, rtp->rtp_ts, s->kind == CORE_AUDIO ? rtp->level : NO_LEVEL);
    header.ssrc = s->ssrc;
    header.payload_type = s->payload_type;
    span payload = {rtp->payload, rtp->payload_size};
    if (out >= s->next_index) {
        s->next_index = out + 1;
        s->last_rtp_ts = header.rtp_ts;
        s->last_us = c->now_us;
    }
    s->started = true;
    if (!output_add(c, s->peer, &header, &payload, 1, out))
        return;
    s->packets++;
    s->octets += rtp->payload_size;
}

void consumer_detach(consumer *s)
{
    producer *p = s->source;
    if (!p)
        return;
    consumer *last = p->consumers[--p->consumer_count];
    p->consumers[s->position] = last;
    last->position = s->position;
    s->source = NULL;
    s->aligned = false;
}

static bool attach(consumer *s, producer *p)
{
    if (p->consumer_count == p->consumer_capacity) {
        uint32_t capacity = p->consumer_capacity ? p->consumer_capacity * 2 : 8;
        consumer **consumers = realloc(p->consumers, capacity * sizeof *consumers);
        if (!consumers)
            return false;
        p->consumers = consumers;
        p->consumer_capacity = capacity;
    }
    s->position = p->consumer_count;
    p->consumers[p->consumer_count++] = s;
    s->source = p;
    return true;
}

int core_switch(core *c, int handle, int producer_handle)
{
    consumer *s = table_get(&c->consumers, handle);
    producer *p = producer_handle < 0 ? NULL : table_get(&c->producers, producer_handle);
    if (!s || (producer_handle >= 0 && !p))
        return CORE_UNKNOWN_HANDLE;
    if (p && p->kind != s->kind)
        return CORE_BAD_ARGUMENT;
    if (p == s->source)
        return 0;
    consumer_detach(s);
    return !p || attach(s, p) ? 0 : CORE_NO_MEMORY;
}

/* Whether this packet may be resent now: not within the holdoff of the last time. */
static resent_packet *resend_slot(core *c, consumer *s, uint64_t index)
{
    if (!s->resent && !(s->resent = calloc(RESENT_SLOTS, sizeof *s->resent)))
        return NULL;
    resent_packet *slot = &s->resent[index % RESENT_SLOTS];
    bool held = slot->sent_us && slot->index == index && c->now_us - slot->sent_us < HOLDOFF_US;
    return held ? NULL : slot;
}

/* RFC 4588 §4: the original sequence number, then the original payload, on the RTX stream. */
static bool resend(core *c, consumer *s, uint16_t seq)
{
    int32_t distance = (int16_t)(seq - (uint16_t)(s->next_index - 1));
    uint64_t out = s->next_index - 1 + (uint64_t)(int64_t)distance;
    if (distance > 0 || out < s->first_out || (int64_t)out < 0)
        return false;
    uint64_t index = out - s->first_out + s->first_in;
    const cached_packet *packet = cache_get(&s->source->cache, index);
    resent_packet *slot = packet ? resend_slot(c, s, out) : NULL;
    if (!slot || !peer_spend(c, s->peer, packet->size + OVERHEAD))
        return false;
    rtp_header header = header_of(s, packet->marker, packet->rtp_ts, s->kind == CORE_AUDIO ? packet->level : NO_LEVEL);
    header.ssrc = s->rtx_ssrc;
    header.payload_type = s->rtx_payload_type;
    uint8_t original_seq[2];
    write_u16(original_seq, seq);
    span parts[] = {{original_seq, 2}, {packet->payload, packet->size}};
    *slot = (resent_packet){.index = out, .sent_us = c->now_us};
    return output_add(c, s->peer, &header, parts, 2, s->rtx_index++) != 0;
}

int core_retransmit(core *c, int handle, const uint16_t *seqs, int count)
{
    consumer *s = table_get(&c->consumers, handle);
    int sent = 0;
    if (!s)
        return CORE_UNKNOWN_HANDLE;
    c->now_us = core_now(c);
    bool able = s->rtx_ssrc && s->rtx_payload_type && s->source && s->aligned && s->peer->sockaddr_size;
    for (int i = 0; able && i < count; i++)
        sent += resend(c, s, seqs[i]);
    s->retransmitted += (uint64_t)sent;
    s->refused += (uint64_t)(count - sent);
    c->totals.rtx_out += (uint64_t)sent;
    output_flush(c);
    return sent;
}

static bool is_free(const peer *p, uint32_t ssrc)
{
    for (const consumer *s = p->consumers; s; s = s->next)
        if (s->ssrc == ssrc || (s->rtx_ssrc && s->rtx_ssrc == ssrc))
            return false;
    return true;
}

static bool is_payload_type(int payload_type)
{
    return payload_type >= 0 && payload_type <= 127;
}

int core_add_consumer(core *c, int handle, int kind, uint32_t ssrc, int payload_type, uint32_t rtx_ssrc, int rtx_payload_type,
                      const uint8_t *mid, int mid_size)
{
    peer *owner = table_get(&c->peers, handle);
    if (!owner)
        return CORE_UNKNOWN_HANDLE;
    if (kind < CORE_AUDIO || kind > CORE_H264 || !is_payload_type(payload_type) || !is_payload_type(rtx_payload_type) ||
        mid_size < 0 || mid_size > MID_MAX || !ssrc || ssrc == rtx_ssrc)
        return CORE_BAD_ARGUMENT;
    if (!is_free(owner, ssrc) || (rtx_ssrc && !is_free(owner, rtx_ssrc)))
        return CORE_SSRC_TAKEN;
    uint64_t first_index = 0, first_rtx_index = 0;
    if (!peer_claim(owner, ssrc, &first_index) || (rtx_ssrc && !peer_claim(owner, rtx_ssrc, &first_rtx_index)))
        return CORE_NO_MEMORY;
    consumer *s = calloc(1, sizeof *s);
    if (!s || (s->handle = table_add(&c->consumers, s)) < 0) {
        free(s);
        return CORE_NO_MEMORY;
    }
    s->peer = owner;
    s->kind = kind;
    s->ssrc = ssrc;
    s->payload_type = (uint8_t)payload_type;
    s->rtx_ssrc = rtx_ssrc;
    s->rtx_payload_type = (uint8_t)rtx_payload_type;
    s->mid_size = (uint8_t)mid_size;
    memcpy(s->mid, mid, (size_t)mid_size);
    s->next_index = first_index;
    s->rtx_index = first_rtx_index;
    s->next = owner->consumers;
    owner->consumers = s;
    return s->handle;
}

void consumer_remove(core *c, consumer *s)
{
    consumer_detach(s);
    consumer **link = &s->peer->consumers;
    while (*link != s)
        link = &(*link)->next;
    *link = s->next;
    peer_release(s->peer, s->ssrc, s->next_index);
    peer_release(s->peer, s->rtx_ssrc, s->rtx_index);
    table_remove(&c->consumers, s->handle);
    free(s->resent);
    free(s);
}

void core_remove_consumer(core *c, int handle)
{
    consumer *s = table_get(&c->consumers, handle);
    if (!s)
        return;
    consumer_remove(c, s);
}

int core_get_consumer_stats(core *c, int handle, core_consumer_stats *stats)
{
    consumer *s = table_get(&c->consumers, handle);
    if (!s)
        return CORE_UNKNOWN_HANDLE;
    *stats = (core_consumer_stats){
        .packets = s->packets,
        .octets = s->octets,
        .retransmitted = s->retransmitted,
        .refused = s->refused,
        .ts_offset = s->ts_offset,
        .last_rtp_ts = s->last_rtp_ts,
        .last_seq = (uint16_t)(s->next_index - 1),
        .waiting = s->source && !s->aligned && s->kind != CORE_AUDIO,
    };
    return 0;
}
