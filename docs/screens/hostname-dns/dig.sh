# A question and its answer, then a no.
cat >zone <<'ZONE'
lab.test. 3600 SOA   ns1 admin 1 7200 900 1209600 300
@         3600 NS    ns1
ns1        300 A     192.0.2.53
www        300 A     192.0.2.1
ftp        300 CNAME www
ZONE
serve hostname-dns serve --zone zone --bind 127.0.0.1:5300

for question in 'ftp.lab.test A' 'nothing.lab.test A'; do
    [ "$question" = 'ftp.lab.test A' ] || say
    try "dig @127.0.0.1 -p 5300 $question \\
    +norec +qid=7 +noall +comments +answer +authority"
done
