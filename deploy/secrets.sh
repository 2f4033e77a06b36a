#!/bin/sh
# Makes what is missing below secrets/: the database's password, its address with it, the relay's secret, and the key
# that seals what telephones make their codes of, which no backup of the database holds.
# Readable by root and by the group of the containers. Keep a copy, and not where the backups are.
set -eu
umask 077
group=10001
cd "$(dirname "$0")/.."
mkdir -p secrets

random() {
	od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

[ -s secrets/database_password ] || random >secrets/database_password
[ -s secrets/turn_secret ] || random >secrets/turn_secret
[ -s secrets/seal_key ] || random >secrets/seal_key
printf 'postgresql://pleno:%s@/pleno?host=/run/postgresql' "$(cat secrets/database_password)" >secrets/database
set -- secrets/database secrets/database_password secrets/turn_secret secrets/seal_key
chmod 0440 "$@"
if ! chgrp "$group" "$@" 2>/dev/null; then
	echo "secrets.sh: run it as root, or the containers cannot read the files" >&2
	exit 1
fi
