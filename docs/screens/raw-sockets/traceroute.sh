# Loopback: the first probe arrives. It needs CAP_NET_RAW.
try "raw-sockets traceroute 127.0.0.1"
