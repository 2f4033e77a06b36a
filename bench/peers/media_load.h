/* The load client's interface; no preprocessor lines, because media_load.py hands this file to cffi. */

typedef struct load load;

typedef struct {
    uint64_t sent;      /* by publishers */
    uint64_t received;  /* media datagrams that reached clients */
    uint64_t authentic; /* of those, how many decrypted */
    uint64_t lost;      /* gaps in the numbers of what was received */
    uint64_t reports;   /* RTCP, not looked into */
} load_stats;

load *load_open(void);
void load_close(load *);

/* A connected, non-blocking UDP socket whose keys are agreed. Returns its number, negative on failure. */
int load_add(load *, int fd, int profile, const uint8_t *tx_key, const uint8_t *rx_key);

/* Let this client send 30 frames a second as a browser does: about equal packets, paced in bursts every 5 ms. */
void load_publish(load *, int client, uint32_t ssrc, int payload_type, double packets_per_second, uint32_t payload_octets);

/* Send and receive for so long. Everything received is decrypted. */
void load_run(load *, double seconds, load_stats *total);
