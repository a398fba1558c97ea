# What `echo` does for two clients, call by call; addresses are shortened.
trace network udp echo --bind 127.0.0.1:4711

printf 'ping\n\0\377' | nc -u -w 1 -p 4712 127.0.0.1 4711 >reply
socat -T 1 - UDP4:127.0.0.1:4711,sourceport=4713,shut-null </dev/null

ADDRESS='\{sa_family=AF_INET, sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([0-9.]+)"\)\}'
calls | sed -n '/^socket(AF_INET/,$p' | sed -E "s/$ADDRESS/{\2:\1}/; s/ +=/ =/; / = /!d"
