//! Stage `serve`, what the zone says: letters, types, aliases, the two kinds of no, and the edges.

#[path = "serve_wire.rs"]
mod wire;

use testbench::prelude::*;

use crate::messages::{
    A, AA, AAAA, CNAME, MX, NS, NXDOMAIN, QR, RD, SOA, TXT, file, header, name, number, query,
    question,
};
use crate::reply::Reply;

/// The answer is refused.
const REFUSED: u16 = 5;

/// Every record that `ANY` asks for.
const ANY: u16 = 255;

/// The zone that most of these stories are about.
const ZONE: &str = "\
lab.test.   3600 SOA    ns1 admin 2024 7200 900 1209600 300   ; minimum below the TTL
@           3600 NS     ns1
@           3600 MX     10 mail
ns1         3600 A      192.0.2.53
www          300 A      192.0.2.1
www          300 AAAA   2001:db8::1
www          200 A      192.0.2.2
ftp          300 CNAME  www
far          300 CNAME  ftp
out          300 CNAME  www.example.
gone         300 CNAME  nothing
bare         300 CNAME  mail
mail         300 TXT    \"hello; world\" two
round        300 CNAME  about
about        300 CNAME  round
deep.er.down 300 A      192.0.2.9
";

/// Its SOA as it stands in a negative answer.
const NEGATIVE: &str = "lab.test. 300 SOA ns1.lab.test. admin.lab.test. 2024 7200 900 1209600 300";

/// A server of that zone, and a client of its datagrams.
fn serving(t: &Bench, zone: &str) -> Outcome<(Folder, Server, DatagramPeer)> {
    let (folder, path) = file(t, zone)?;
    let server = t.serve("serve", &["--zone", &path])?;
    let client = server.datagram_client()?;
    Ok((folder, server, client))
}

/// Sends the query and reads its answer.
fn ask(client: &mut DatagramPeer, server: &Server, query: &[u8]) -> Outcome<Reply> {
    client.send(query)?;
    Reply::next(client, server)
}

/// The server still answers, as it should.
fn expect_service(t: &Bench, client: &mut DatagramPeer, server: &Server) -> Outcome {
    let reply = ask(client, server, &query(number(t), "ns1.lab.test", A))?;
    reply.expect_answers(&["ns1.lab.test. 3600 A 192.0.2.53"])
}

/// Names in all letters, asked for and in the zone; the question comes back as it was.
#[test]
fn names_are_the_same_in_any_case() -> Graded {
    check(|t| {
        let zone = "Lab.TEST. 3600 SOA ns1 admin 1 2 3 4 5\nns1 3600 A 192.0.2.53\n\
                    Www 300 A 192.0.2.1\nwWW 200 A 192.0.2.2\nftp 60 CNAME WWW\n";
        let (_folder, server, mut client) = serving(t, zone)?;
        let both = [
            "www.lab.test. 300 A 192.0.2.1",
            "www.lab.test. 200 A 192.0.2.2",
        ];
        let alias = ["ftp.lab.test. 60 CNAME www.lab.test.", both[0], both[1]];
        for (asked, answers) in [
            ("www.lab.test", &both[..]),
            ("WWW.LAB.TEST", &both),
            ("wWw.lAb.TesT", &both),
            ("fTp.lab.test", &alias),
        ] {
            let reply = ask(&mut client, &server, &query(number(t), asked, A))?;
            let lesson = "Names compare without case: www, Www and wWW are one name, in the query \
                          and in the zone.";
            reply.expect_rcode(0).teaches(lesson)?;
            reply.expect_answers(answers).teaches(lesson)?;
            differs("the question", question(&name(asked), A), &reply.question).teaches(
                "The question comes back byte for byte, in the asker's own letters: some compare \
                 them to tell forged answers.",
            )?;
        }
        Ok(())
    })
}

/// Other types, and several records of one name.
#[test]
fn each_type_has_its_records() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        let soa = "lab.test. 3600 SOA ns1.lab.test. admin.lab.test. 2024 7200 900 1209600 300";
        let apex = [
            "lab.test. 3600 NS ns1.lab.test.",
            "lab.test. 3600 MX 10 mail.lab.test.",
            soa,
        ];
        for (asked, qtype, answers) in [
            (
                "www.lab.test",
                AAAA,
                &["www.lab.test. 300 AAAA 2001:db8::1"][..],
            ),
            ("lab.test", NS, &apex[..1]),
            ("lab.test", MX, &apex[1..2]),
            ("lab.test", SOA, &apex[2..]),
            ("lab.test", ANY, &apex),
            (
                "mail.lab.test",
                TXT,
                &["mail.lab.test. 300 TXT \"hello; world\" \"two\""],
            ),
        ] {
            let lesson = "The data of a record goes out in the format of its type, behind its length: \
                          addresses as bytes, names as labels, each string behind its own length.";
            let reply =
                ask(&mut client, &server, &query(number(t), asked, qtype)).teaches(lesson)?;
            reply.expect_answers(answers).teaches(lesson)?;
            let flags = reply.flags;
            wrong(flags == QR | AA | RD, Saw::Wrong, || {
                format!("the answer's flags are {flags:#06x}")
            })
            .teaches("An authority's answer has QR and AA, repeats RD, and nothing else.")?;
        }
        Ok(())
    })
}

/// Chains of aliases that end in an address, outside the zone, at no name, and at no record.
#[test]
fn aliases_are_followed() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        expect_service(t, &mut client, &server)?;
        let far = "far.lab.test. 300 CNAME ftp.lab.test.";
        let ftp = "ftp.lab.test. 300 CNAME www.lab.test.";
        let lesson = "If the name has a CNAME, put it into the answer and look for the name that it \
                      means, and so on while that is in the zone (RFC 1034 4.3.2); the last name \
                      decides about RCODE and SOA (RFC 6604 3).";
        let addresses = [
            "www.lab.test. 300 A 192.0.2.1",
            "www.lab.test. 200 A 192.0.2.2",
        ];
        let negative = &[NEGATIVE.to_owned()][..];
        for (asked, qtype, rcode, answers, authority) in [
            (
                "far.lab.test",
                A,
                0,
                &[far, ftp, addresses[0], addresses[1]][..],
                &[][..],
            ),
            ("far.lab.test", CNAME, 0, &[far], &[]),
            ("far.lab.test", ANY, 0, &[far], &[]),
            (
                "out.lab.test",
                A,
                0,
                &["out.lab.test. 300 CNAME www.example."],
                &[],
            ),
            (
                "gone.lab.test",
                A,
                NXDOMAIN,
                &["gone.lab.test. 300 CNAME nothing.lab.test."],
                negative,
            ),
            (
                "bare.lab.test",
                A,
                0,
                &["bare.lab.test. 300 CNAME mail.lab.test."],
                negative,
            ),
        ] {
            let reply =
                ask(&mut client, &server, &query(number(t), asked, qtype)).teaches(lesson)?;
            reply.expect_answers(answers).teaches(lesson)?;
            reply.expect_rcode(rcode).teaches(lesson)?;
            differs(
                "the authority section",
                authority.join("\n"),
                reply.authority.join("\n"),
            )
            .teaches(lesson)?;
        }
        Ok(())
    })
}

/// Two names that are aliases of each other.
#[test]
fn a_circle_of_aliases_has_an_end() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        expect_service(t, &mut client, &server)?;
        let lesson = "A zone may lead you in a circle: an alias that is in the answer already ends \
                      the search.";
        for asked in ["round.lab.test", "about.lab.test"] {
            let reply = ask(&mut client, &server, &query(number(t), asked, A));
            let reply = reply.when(Saw::Crash, lesson).teaches(lesson)?;
            let both = [
                "round.lab.test. 300 CNAME about.lab.test.",
                "about.lab.test. 300 CNAME round.lab.test.",
            ];
            reply.expect_answers(&both).teaches(lesson)?;
        }
        expect_service(t, &mut client, &server).teaches(lesson)
    })
}

/// Both kinds of no, in zones whose SOA has a longer and a shorter life than its minimum.
#[test]
fn a_no_tells_how_long_it_holds() -> Graded {
    check(|t| {
        let low = 30 + t.below(200);
        for (ttl, minimum) in [(3600, low), (low, 3600)] {
            let zone = format!(
                "lab.test. {ttl} SOA ns1 admin 7 7200 900 1209600 {minimum}\nns1 3600 A 192.0.2.53\n"
            );
            let (_folder, server, mut client) = serving(t, &zone)?;
            expect_service(t, &mut client, &server)?;
            for (asked, qtype, rcode) in
                [("nothing.lab.test", A, NXDOMAIN), ("ns1.lab.test", TXT, 0)]
            {
                let reply = ask(&mut client, &server, &query(number(t), asked, qtype))?;
                reply.expect_rcode(rcode)?;
                reply.expect_answers(&[])?;
                let soa = format!(
                    "lab.test. {low} SOA ns1.lab.test. admin.lab.test. 7 7200 900 1209600 {minimum}"
                );
                differs("the authority section", soa, reply.authority.join("\n")).teaches(
                    "A no may be kept, too: for as long as the SOA in its authority section says, \
                     which is the lesser of the SOA's own TTL and its minimum (RFC 2308 3).",
                )?;
            }
        }
        Ok(())
    })
}

/// A name without records, below which there is one.
#[test]
fn a_name_on_the_way_to_another_exists() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        for (asked, rcode) in [
            ("er.down.lab.test", 0),
            ("down.lab.test", 0),
            ("own.lab.test", NXDOMAIN),
            ("eper.down.lab.test", NXDOMAIN),
            ("er.lab.test", NXDOMAIN),
            ("x.deep.er.down.lab.test", NXDOMAIN),
        ] {
            let reply = ask(&mut client, &server, &query(number(t), asked, A))?;
            reply.expect_answers(&[])?;
            reply.expect_rcode(rcode).teaches(
                "Names are a tree: deep.er.down cannot be there without er.down and down, which \
                 exist with nothing to say (RFC 4592 2.2.2). NXDOMAIN would deny all below them.",
            )?;
        }
        Ok(())
    })
}

/// Names beside and above the zone, and classes that are not the Internet's.
#[test]
fn what_is_outside_the_zone_is_refused() -> Graded {
    check(|t| {
        let (_folder, server, mut client) = serving(t, ZONE)?;
        expect_service(t, &mut client, &server)?;
        let mut chaos = query(number(t), "www.lab.test", A);
        let last = chaos.len() - 1;
        chaos[last] = 3;
        let mut root = query(number(t), "x", NS);
        root.splice(12..14, []);
        let queries = [
            "www.example",
            "test",
            "xlab.test",
            "lab.test.example",
            "www.xlab.test",
        ];
        let queries = queries.map(|asked| query(number(t), asked, A));
        for asked in queries.into_iter().chain([chaos, root]) {
            let reply = ask(&mut client, &server, &asked)?;
            let lesson = "You are an authority for this zone alone: what is outside it may well \
                          exist, so do not deny it, say REFUSED.";
            reply.expect_rcode(REFUSED).teaches(lesson)?;
            let whole = header(
                u16::from_be_bytes([asked[0], asked[1]]),
                QR | RD | REFUSED,
                [1, 0, 0, 0],
            );
            let seen = [
                header(reply.id, reply.flags, [1, 0, 0, 0]),
                reply.question.clone(),
                reply.authority.concat().into_bytes(),
            ];
            differs(
                "the refusal",
                [&whole[..], &asked[12..]].concat(),
                seen.concat(),
            )
            .teaches(
                "A refusal repeats id and question, and has neither AA nor records: you know \
                 nothing about the name.",
            )?;
        }
        Ok(())
    })
}
