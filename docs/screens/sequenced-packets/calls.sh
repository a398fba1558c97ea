# What the server of stage truncation is told of a message, a long one, an empty one, and the end.
cp "$PY/packets.py" .
trace socket,bind,listen,accept4,setsockopt,recvmsg,sendto,close sequenced-packets truncation --max 3 --bind unix:packets.sock
try "python3 packets.py packets.sock abc 0123456789 ''"
say
# Left out: what no reader asks for (signals, the accept of the next client, a name that nobody has), and who
# has sent the messages: another process each time, and nobody for what comes before the setsockopt.
calls | sed -n '1,/^close(/p' | sed -E -e '/ENOTSOCK/d' -e '/unfinished/d' -e 's/(pid|uid|gid)=[0-9]+/\1=.../g' \
    -e 's/msg_name=[^,]*, msg_namelen=[^,]*, //' -e 's/, (msg_control(len)?=|cmsg_data)/,\n    \1/g'
