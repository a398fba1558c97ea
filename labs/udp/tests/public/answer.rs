//! Stage `answer`: requests, and requests that come again.

use testbench::prelude::*;

/// Values are stored, found, counted up; what cannot be done is told.
#[test]
fn stores_counts_and_tells() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let (mut ann, mut bob) = (server.datagram_client()?, server.datagram_client()?);
        let (key, text) = (t.word(8), t.word(20));
        let number = t.number(0..=999);
        let (next, after) = (number + 1, number + 2);
        let lesson = "The reply is the id of its request, one blank, and the result that the \
                      store gives for the operation.";
        for (request, reply) in [
            (format!("a1 PUT {key} {number}"), format!("a1 OK {number}")),
            (format!("a2 INCR {key}"), format!("a2 OK {next}")),
            (format!("a3 INCR {key}"), format!("a3 OK {after}")),
            (format!("a4 PUT text {text}"), format!("a4 OK {text}")),
            (
                "a5 INCR text".to_owned(),
                "a5 ERR not a number of 64 bits".to_owned(),
            ),
            (format!("A5 GET {key}"), format!("A5 OK {after}")),
        ] {
            ann.send(request)?;
            ann.expect(reply).teaches(lesson)?;
        }
        bob.send("b1 GET text")?;
        bob.expect(format!("b1 OK {text}")).teaches(lesson)?;
        bob.send("b2 GET nothing")?;
        bob.expect("b2 ERR no such key").teaches(lesson)
    })
}

/// A client's answer is lost, so it asks again; and again, a little later.
#[test]
fn a_duplicate_is_answered_and_not_executed() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let mut client = server.datagram_client()?;
        let number = t.number(0..=999);
        client.send(format!("1 PUT hits {number}"))?;
        client.expect(format!("1 OK {number}"))?;
        let twice = |saw: Outcome| {
            saw.when(
                Saw::Silence,
                "The client asks again because it has no answer: a duplicate is not executed, but \
                 it is answered.",
            )
            .teaches("Retries are normal; remember the ids you already answered.")
        };
        let reply = format!("2 OK {}", number + 1);
        client.send_as(Fate::Doubled, "2 INCR hits")?;
        twice(client.expect(&reply))?;
        twice(client.expect(&reply))?;
        client.send("2 INCR hits")?;
        twice(client.expect(&reply))?;
        client.send("3 GET hits")?;
        twice(client.expect(format!("3 OK {}", number + 1)))
    })
}

/// Values with blanks and line ends, bytes that are no text, and none at all.
#[test]
fn the_value_is_the_rest_of_the_datagram() -> Graded {
    check(|t| {
        let server = t.serve("answer", &[])?;
        let mut client = server.datagram_client()?;
        let every_byte: Vec<u8> = (0..=255).collect();
        let values = [
            format!("{} {} ", t.word(4), t.word(4)).into_bytes(),
            b"  two in front\r\n".to_vec(),
            every_byte,
            b"\xff\xfe\x00".to_vec(),
            b"".to_vec(),
            b" ".to_vec(),
        ];
        for (number, value) in values.iter().enumerate() {
            let request = format!("p{number} PUT k ");
            client.send([request.as_bytes(), value].concat())?;
            let lesson = "The value is the rest of the datagram, byte for byte: decode and trim \
                          nothing, a blank or a line end may be what it is about.";
            let stored = client.expect([format!("p{number} OK ").as_bytes(), value].concat());
            stored.when(Saw::Crash, lesson).teaches(lesson)?;
            client.send(format!("g{number} GET k"))?;
            let found = client.expect([format!("g{number} OK ").as_bytes(), value].concat());
            found.teaches(lesson)?;
        }
        Ok(())
    })
}
