# Two servers, heard by tools: one speaks, one says four bytes.
serve python3 "$PY/server.py" 4711

try 'nc 127.0.0.1 4711; echo'
say "\$ printf '\\353\\014\\133\\344' | nc -N -l 127.0.0.1 4712 &"
printf '\353\014\133\344' | nc -N -l 127.0.0.1 4712 >said &
# Until port 4712 listens (state 0A).
until grep -q ':1268 00000000:0000 0A' /proc/net/tcp; do sleep 0.05; done
try 'nc 127.0.0.1 4712 | od -A d -t x1'
