# One address in four texts, and what the lab's program makes of these and others.
try "printf '%s\n' 2001:DB8:0:0:8:0:0:1 2001:db8::8:0:0:1 ::1:80 [::1]:80 fe80::1%eth0 ::ffff:7f00:1 | ipv6 addresses"
try "python3 -c 'import ipaddress; print(ipaddress.ip_address(\"2001:DB8:0:0:8:0:0:1\"))'"
