#!/bin/sh
# Makes the files in ./secrets that docker-compose.yml hands to the containers; what is there is left as it is, and what an older .env
# holds is taken over. Only you can enter the folder. The files in it can be read by every user, because each container runs as another
# one and is given its own files only.
set -eu
umask 077
mkdir -p secrets
chmod 700 secrets

random_hex() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
random_key() { head -c 32 /dev/urandom | base64; }
given() { printf '%s' "$1"; }

# keep FILE, its name in an older .env, and what makes it where it is in neither.
keep() {
  file=secrets/$1 name=$2
  shift 2
  [ -e "$file" ] && return
  old=
  [ -e .env ] && old=$(sed -n "s/^$name=//p" .env | tail -n 1)
  if [ -n "$old" ]; then given "$old" > "$file"; else "$@" > "$file"; fi
  chmod 444 "$file"
}

keep postgres_password POSTGRES_PASSWORD random_hex
keep migration_password MIGRATION_PASSWORD random_hex
keep database_password DATABASE_PASSWORD random_hex
keep callback_secret CALLBACK_SECRET random_hex
keep payload_key PAYLOAD_KEY random_key
keep sealing_key SEALING_KEY random_key
keep master_key MASTER_KEY random_key
keep token_key TOKEN_KEY random_key
keep smtp_url SMTP_URL given smtp://mailpit:1025
# What others give you: write it in. Empty counts as not set.
for name in PAYLOAD_OLD_KEYS MASTER_OLD_KEYS TOKEN_OLD_KEYS KAFKA_SASL_PASSWORD DARAJA_CONSUMER_SECRET DARAJA_PASSKEY DARAJA_SECURITY_CREDENTIAL ETIMS_KEY SMS_API_KEY; do
  keep "$(given "$name" | tr 'A-Z' 'a-z')" "$name" given ''
done
echo 'The secrets lie in ./secrets. Keep a copy of payload_key, sealing_key and master_key in a safe place, and take secrets out of .env.'
