/* The native core's interface. No preprocessor lines: core.py hands this very file to cffi. Handles are >= 0, errors negative. */

enum core_limit {
    CORE_BATCH = 64,          /* datagrams taken from the socket in one core_pump, and the most upcalls it can cause */
    CORE_MAX_DATAGRAM = 2048, /* longer datagrams are dropped */
    CORE_MAX_RTCP = 1400,     /* longest compound RTCP packet that is sent */
    CORE_MAX_MISSING = 512    /* most sequence numbers core_missing returns */
};

enum core_error { CORE_NO_MEMORY = -1, CORE_UNKNOWN_HANDLE = -2, CORE_BAD_ARGUMENT = -3, CORE_SSRC_TAKEN = -4, CORE_CRYPTO = -5, CORE_MANY_SSRCS = -6 };

enum core_profile { CORE_AES128_CM_SHA1_80 = 1, CORE_AEAD_AES_128_GCM = 7, CORE_AEAD_AES_256_GCM = 8 };

enum core_kind { CORE_AUDIO = 0, CORE_VP8 = 1, CORE_H264 = 2 };

enum core_upcall_kind { CORE_DATAGRAM = 0, CORE_RTCP = 1, CORE_UNKNOWN_SSRC = 2 };

typedef struct core core;

typedef struct {
    uint8_t ip[16]; /* IPv6, or IPv4 mapped into it */
    uint32_t scope; /* interface of a link-local address, else 0 */
    uint16_t port;  /* host byte order */
    uint16_t unused;
} core_address;

typedef struct {
    int32_t kind; /* core_upcall_kind */
    int32_t peer; /* -1 for CORE_DATAGRAM */
    core_address source;
    uint32_t size;
    const uint8_t *data; /* valid until the next call of core_pump */
} core_upcall;

typedef struct {
    uint64_t packets, octets, recovered, duplicates, arrival_us;
    uint32_t extended_seq, base_seq, jitter, level, last_rtp_ts;
} core_producer_stats;

typedef struct {
    uint64_t packets, octets, retransmitted, refused;
    uint32_t ts_offset, last_rtp_ts, last_seq, waiting;
} core_consumer_stats;

typedef struct {
    uint64_t packets_in, packets_out, octets_out, rejected, replayed, send_errors, rtx_out, rtx_in;
} core_totals;

/* sizeof the public structs as the library was built, in the order of this file; 0 past the last. */
uint32_t core_sizeof(int which);

/* fd: a bound, non-blocking UDP socket of this address family; it stays the caller's. */
core *core_open(int fd, int family);
void core_close(core *);

/* Replace the monotonic clock (tests); 0 puts it back. */
void core_set_clock(core *, uint64_t now_us);

int core_add_peer(core *, int profile, const uint8_t *tx_key, const uint8_t *rx_key);
void core_remove_peer(core *, int peer);
int core_set_address(core *, int peer, const core_address *);
int core_set_extensions(core *, int peer, int mid, int audio_level, int abs_send_time, int twcc);
int core_set_budget(core *, int peer, uint32_t rtx_bps);

int core_add_producer(core *, int peer, int kind, uint32_t ssrc, uint32_t rtx_ssrc);
void core_remove_producer(core *, int producer);
int core_missing(core *, int producer, uint16_t *seqs);
int core_get_producer_stats(core *, int producer, core_producer_stats *);

int core_add_consumer(core *, int peer, int kind, uint32_t ssrc, int payload_type, uint32_t rtx_ssrc, int rtx_payload_type,
                      const uint8_t *mid, int mid_size);
void core_remove_consumer(core *, int consumer);
int core_switch(core *, int consumer, int producer);
int core_retransmit(core *, int consumer, const uint16_t *seqs, int count);
int core_get_consumer_stats(core *, int consumer, core_consumer_stats *);

int core_send(core *, const core_address *, const uint8_t *data, uint32_t size);
int core_send_rtcp(core *, int peer, const uint8_t *data, uint32_t size);

/* Take at most CORE_BATCH datagrams, forward what is media, describe the rest in upcalls[CORE_BATCH].
   Returns how many upcalls; *received says how many datagrams there were. */
int core_pump(core *, core_upcall *upcalls, int *received);

/* The same for one datagram that did not come from the socket (fuzzing, tests). data is decrypted in place. Returns 0 or 1 upcalls. */
int core_receive(core *, const core_address *from, uint8_t *data, uint32_t size, core_upcall *upcall);

void core_get_totals(const core *, core_totals *);

/* Ed25519 (RFC 8032): private_key is the 32 bytes, bodies stand one behind the other, each signature takes 64 bytes. 0 or CORE_CRYPTO. */
int core_sign(const uint8_t *private_key, const uint8_t *bodies, const uint32_t *sizes, int count, uint8_t *signatures);
