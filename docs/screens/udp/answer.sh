# A request, and one that comes twice; all from one port, as from a client that asks again.
serve udp answer --bind 127.0.0.1:4711

ASK='nc -u -w 1 -p 4712 127.0.0.1 4711'
for request in 'a1 PUT hits 7' 'a2 INCR hits' 'a2 INCR hits' 'a3 INCR hits'; do
    try "printf '$request' | $ASK; echo"
done
