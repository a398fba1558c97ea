//! Stage `answer`: who asked, when, and what is kept of it.

use testbench::prelude::*;

/// The client sends `request`, and this is the reply.
fn exchange(client: &mut DatagramPeer, request: &str, reply: &str) -> Outcome {
    client.send(request)?;
    client.expect(reply)
}

/// Datagrams that are no requests, then one that is; the same with an id that is known.
#[test]
fn malformed_requests_are_dropped() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let mut client = server.datagram_client()?;
        exchange(&mut client, "1 PUT k 5", "1 OK 5")?;
        let long_key = "k".repeat(65);
        let lesson = "What is no request is dropped without a word. Answer it, and two servers \
                      that take each other's answers for requests never stop.";
        for malformed in [
            "",
            " ",
            "a1",
            "a1 ",
            "a1 GET",
            "a1 GET ",
            "a1 get k",
            "a1 POP k",
            "a1 GET k k",
            "a1 PUT k",
            " GET k",
            "a-1 GET k",
            "12345678901234567 GET k",
            "a1 OK 5",
            "a1 ERR no such key",
            "TOOBIG 600",
            "a1  GET k",
            &format!("a1 GET {long_key}"),
        ] {
            client.send(malformed)?;
        }
        client.send(b"\xc3\xa91 GET k")?;
        client.send(t.bytes(300))?;
        client.send("a1 INCR k")?;
        let next = client.expect("a1 OK 6");
        next.when(Saw::Crash, lesson).teaches(lesson)?;

        for malformed in ["1 OK 5", "a1 ERR no such key", "a1 GET", "a1 "] {
            client.send(malformed)?;
        }
        exchange(&mut client, "a2 GET k", "a2 OK 6").teaches(
            "A known id makes no request of what is none: look at all of it before you look into \
             your memory. Two servers that know the same id would answer each other for ever.",
        )
    })
}

/// Two clients on one machine happen to use the same ids.
#[test]
fn clients_do_not_share_ids() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let (mut ann, mut bob) = (server.datagram_client()?, server.datagram_client()?);
        let number = t.number(0..=999);
        let lesson = "An id is its client's own, and a client is an address and a port: two \
                      programs on one machine are two clients.";
        let stored = format!("1 OK {number}");
        exchange(&mut ann, &format!("1 PUT k {number}"), &stored)?;
        exchange(&mut bob, "1 INCR k", &format!("1 OK {}", number + 1)).teaches(lesson)?;
        exchange(&mut ann, "2 INCR k", &format!("2 OK {}", number + 2)).teaches(lesson)?;
        exchange(&mut bob, "2 INCR k", &format!("2 OK {}", number + 3)).teaches(lesson)
    })
}

/// A value has changed since it was asked for, a key has come; the old questions come again.
#[test]
fn a_duplicate_gets_the_reply_of_before() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let mut client = server.datagram_client()?;
        let (old, new) = (t.word(6), t.word(6));
        let lesson = "Remember every reply with its id, also those that changed nothing and those \
                      that said no: the client must not hear two answers to one question.";
        exchange(
            &mut client,
            &format!("1 PUT k {old}"),
            &format!("1 OK {old}"),
        )?;
        exchange(&mut client, "2 GET k", &format!("2 OK {old}"))?;
        exchange(&mut client, "3 GET later", "3 ERR no such key")?;
        exchange(
            &mut client,
            &format!("4 PUT k {new}"),
            &format!("4 OK {new}"),
        )?;
        exchange(&mut client, "5 PUT later 1", "5 OK 1")?;
        exchange(&mut client, "2 GET k", &format!("2 OK {old}")).teaches(lesson)?;
        exchange(&mut client, "3 GET later", "3 ERR no such key").teaches(lesson)?;
        // The id decides, whatever stands behind it.
        exchange(&mut client, "2 INCR later", &format!("2 OK {old}")).teaches(lesson)?;
        exchange(&mut client, "6 GET later", "6 OK 1").teaches(lesson)
    })
}

/// A request comes again when 999 others have come since, twice.
#[test]
fn an_old_duplicate_is_still_one() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let mut client = server.datagram_client()?;
        let lesson = "Duplicates can come late and out of order: remember the last 1000 ids of \
                      each client, and forget them one by one, the oldest first.";
        exchange(&mut client, "0 PUT hits 0", "0 OK 0")?;
        exchange(&mut client, "1 INCR hits", "1 OK 1")?;
        for number in 2..=1000 {
            exchange(
                &mut client,
                &format!("{number} GET hits"),
                &format!("{number} OK 1"),
            )?;
            if number == 3 {
                exchange(&mut client, "1 INCR hits", "1 OK 1").teaches(lesson)?;
            }
        }
        exchange(&mut client, "1 INCR hits", "1 OK 1").teaches(lesson)?;

        let again = 1001 + t.below(500);
        for number in 1001..again + 1000 {
            let (operation, hits) = match number.cmp(&again) {
                std::cmp::Ordering::Less => ("GET", 1),
                std::cmp::Ordering::Equal => ("INCR", 2),
                std::cmp::Ordering::Greater => ("GET", 2),
            };
            let request = format!("{number} {operation} hits");
            exchange(&mut client, &request, &format!("{number} OK {hits}"))?;
        }
        let (request, reply) = (format!("{again} INCR hits"), format!("{again} OK 2"));
        exchange(&mut client, &request, &reply).teaches(lesson)
    })
}

/// 63 clients speak after Ann, and 63 others after she has spoken again.
#[test]
fn the_64_clients_heard_last_are_remembered() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let mut ann = server.datagram_client()?;
        exchange(&mut ann, "0 PUT hits 0", "0 OK 0")?;
        exchange(&mut ann, "1 INCR hits", "1 OK 1")?;
        let mut others = Vec::new();
        for _ in 0..2 {
            for _ in 0..63 {
                let mut other = server.datagram_client()?;
                exchange(&mut other, "1 GET hits", "1 OK 1")?;
                others.push(other);
            }
            exchange(&mut ann, "1 INCR hits", "1 OK 1").teaches(
                "Who was heard lately may ask again: when there are too many clients, forget the \
                 one that was silent longest, and no other.",
            )?;
        }
        Ok(())
    })
}

/// 20 000 requests for a value of 400 bytes, by one client.
#[test]
fn many_requests_cost_no_memory() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let mut client = server.datagram_client()?;
        let value = t.word(400);
        exchange(
            &mut client,
            &format!("put PUT k {value}"),
            &format!("put OK {value}"),
        )?;
        let mut before = 0;
        for number in 0..20_000 {
            exchange(
                &mut client,
                &format!("{number} GET k"),
                &format!("{number} OK {value}"),
            )?;
            if number == 2000 {
                before = server.facts().memory()?;
            }
        }
        let grown = server.facts().memory()?.saturating_sub(before);
        wrong(grown < 4_000_000, Saw::Excess, || {
            format!(
                "in 18 000 requests the program's memory grew by {} kB",
                grown / 1000
            )
        })
        .teaches(
            "A client that asks and asks must not fill your memory: of each client keep the last \
             1000 replies.",
        )
    })
}

/// Four hundred clients, a hundred requests each.
#[test]
fn many_clients_cost_no_memory() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let value = t.word(400);
        let mut before = 0;
        for visit in 0..400 {
            let mut client = server.datagram_client()?;
            for number in 0..100 {
                let id = format!("{visit}x{number}");
                exchange(
                    &mut client,
                    &format!("{id} PUT k {value}"),
                    &format!("{id} OK {value}"),
                )?;
            }
            if visit == 100 {
                before = server.facts().memory()?;
            }
        }
        let grown = server.facts().memory()?.saturating_sub(before);
        wrong(grown < 6_000_000, Saw::Excess, || {
            format!(
                "with 300 clients more the program's memory grew by {} kB",
                grown / 1000
            )
        })
        .teaches(
            "Anyone can be a new client, and a sender's address costs nothing: keep what you \
             know of the 64 that were heard last.",
        )
    })
}
