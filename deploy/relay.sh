#!/bin/sh
# Runs coturn with turnserver.conf and what this place adds to it; takes up a renewed certificate without a restart.
#
#   PLENO_TURN_ADDRESS      address of this machine that the relay is reached at
#   PLENO_TURN_DOMAIN       its name, as in the certificate
#   PLENO_ANNOUNCE          addresses of the media workers, comma separated: the only ones it may reach
#   PLENO_TURN_SECRET_FILE  file with the secret that the nodes have too
#   PLENO_TURN_PORT         3478: UDP and TCP
#   PLENO_TURN_TLS_PORT     443: TLS
#   CERTIFICATES            /certificates: folder below which NAME/NAME.crt and NAME/NAME.key stand
#   RUN                     /run/relay: folder to write to
set -eu
umask 077

RUN=${RUN:-/run/relay}
CERTIFICATES=${CERTIFICATES:-/certificates}
name=${PLENO_TURN_DOMAIN:?name of the relay}
address=${PLENO_TURN_ADDRESS:?address of this machine that the relay is reached at}
secret=$(cat "${PLENO_TURN_SECRET_FILE:?file with the secret that the nodes have too}")
: "${secret:?the file of the secret is empty}" "${PLENO_ANNOUNCE:?addresses of the media workers}"

found() { # the newest certificate of that name, without .crt
	find "$CERTIFICATES" -path "*/$name/$name.crt" -type f -printf '%T@ %p\n' 2>/dev/null |
		sort -rn | sed -n '1s/^[^ ]* \(.*\)\.crt$/\1/p'
}

take() { # 0 if there is one that we do not have yet
	from=$(found)
	[ -n "$from" ] && [ -s "$from.key" ] && ! cmp -s "$from.crt" "$RUN/taken.crt" || return 1
	cp "$from.crt" "$RUN/taken.crt"
	for part in crt key; do
		cp "$from.$part" "$RUN/new.$part"
		if [ "$(id -u)" = 0 ]; then # coturn reads it again when it is renewed, no longer as root
			chgrp turnserver "$RUN/new.$part"
			chmod 0440 "$RUN/new.$part"
		fi
		mv -f "$RUN/new.$part" "$RUN/relay.$part"
	done
}

settings() {
	cat "$(dirname "$0")/turnserver.conf"
	echo "listening-ip=$address"
	echo "relay-ip=$address"
	echo "listening-port=${PLENO_TURN_PORT:-3478}"
	echo "realm=$name"
	echo "static-auth-secret=$secret"
	echo "$PLENO_ANNOUNCE" | tr ',' '\n' | sed 's/[[:space:]]//g; /^$/d; s/^/allowed-peer-ip=/'
	echo "pidfile=$RUN/turnserver.pid"
	echo "userdb=$RUN/users/none" # it wants a database of users, though we have none
	if [ -s "$RUN/relay.crt" ]; then
		echo "tls-listening-port=${PLENO_TURN_TLS_PORT:-443}"
		echo "cert=$RUN/relay.crt"
		echo "pkey=$RUN/relay.key"
	else
		echo "no-tls"
	fi
	if [ "$(id -u)" = 0 ]; then
		echo "proc-user=turnserver"
		echo "proc-group=turnserver"
	fi
}

mkdir -p "$RUN"
chmod 0711 "$RUN"
mkdir -p "$RUN/users"
: >"$RUN/users/none"
if [ "$(id -u)" = 0 ]; then
	chgrp turnserver "$RUN/users" "$RUN/users/none"
	chmod 0770 "$RUN/users"
	chmod 0660 "$RUN/users/none"
fi
rm -f "$RUN/relay.crt" "$RUN/relay.key" "$RUN/taken.crt"
take || echo "relay: no certificate for $name yet: without TLS until there is one"
settings >"$RUN/turnserver.conf"
turnserver -c "$RUN/turnserver.conf" &
relay=$!
trap 'kill -TERM "$relay" 2>/dev/null; wait "$relay"; exit 0' TERM INT

while kill -0 "$relay" 2>/dev/null; do
	sleep "${LOOK_S:-30}" &
	wait $! || true
	had=$([ -s "$RUN/relay.crt" ] && echo yes || echo no)
	take || continue
	echo "relay: took the certificate of $name"
	if [ "$had" = yes ]; then
		kill -USR2 "$relay"
	else # TLS is opened at a start only
		kill -TERM "$relay"
		wait "$relay" || true
		settings >"$RUN/turnserver.conf"
		turnserver -c "$RUN/turnserver.conf" &
		relay=$!
	fi
done
wait "$relay"
