//! Stage `webget`: the ends of messages, and messages that are none.

use std::net::{IpAddr, Ipv6Addr};

use testbench::prelude::*;

/// Starts the program for a page of this check's server, and takes its request.
fn asked(t: &Bench) -> Outcome<(Program, Peer)> {
    let listener = t.listen()?;
    let url = format!("http://{}/{}", listener.addr(), t.word(5));
    let program = t.run(&["webget", &url])?;
    let mut server = listener.accept(&program)?;
    take_request(&mut server)?;
    Ok((program, server))
}

/// Reads a request through its empty line.
fn take_request(server: &mut Peer) -> Outcome {
    while !server.line()?.trim_ascii().is_empty() {}
    Ok(())
}

/// A program that can do it at all: a check that looks for failure begins with this.
fn gets_a_page(t: &Bench) -> Outcome {
    let (program, mut server) = asked(t)?;
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage")?;
    server.close();
    program.expect_output("page")?;
    program.expect_exit(0)
}

/// `response` and the end of the stream come to exit code 3 and a reason.
fn expect_broken(t: &Bench, response: impl AsRef<[u8]>, lesson: &'static str) -> Outcome<Program> {
    let (program, mut server) = asked(t)?;
    server.send_until_closed(response)?;
    server.half_close()?;
    program
        .expect_failure(3)
        .when(Saw::Crash, lesson)
        .teaches(lesson)?;
    Ok(program)
}

/// The four bytes between header and body are cut at each place, then everything into single bytes.
#[test]
fn the_header_is_cut_anywhere() -> Graded {
    check(|t| {
        let head = "HTTP/1.1 200 OK\r\nX-Long: 1\r\nContent-Length: 6\r\n\r\n";
        let lesson = "The terminator itself can be cut in two; search the accumulated buffer, not \
                      the last chunk.";
        let end = head.len();
        let cuts = [end - 3, end - 2, end - 1, end, end + 2, 5];
        for sizes in cuts.map(|cut| vec![cut, 100]).into_iter().chain([vec![1]]) {
            let (program, mut server) = asked(t)?;
            let body = t.word(6);
            let message = [head.as_bytes(), body.as_bytes()].concat();
            server.send_in_pieces(message, &sizes).teaches(lesson)?;
            server.half_close()?;
            program
                .expect_output(&body)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// The server keeps the connection open behind the body; then it even goes on sending.
#[test]
fn ends_at_the_length() -> Graded {
    check(|t| {
        for more in ["", "HTTP/1.1 408 Request Timeout\r\n\r\n"] {
            let (program, mut server) = asked(t)?;
            let body = t.word(200);
            server.send(format!(
                "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{body}{more}"
            ))?;
            let lesson = "Content-Length says where the body ends: print that many bytes and \
                          leave, the server need not close and may say other things.";
            program.expect_output(&body).teaches(lesson)?;
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// Five bytes of ten come, then the end of the stream; an error page can be short too.
#[test]
fn a_short_body_is_told() -> Graded {
    check(|t| {
        gets_a_page(t)?;
        for status in ["200 OK", "404 Not Found"] {
            let response = format!("HTTP/1.1 {status}\r\nContent-Length: 10\r\n\r\nfive.");
            let lesson = "You got 5 of 10 bytes: the message is incomplete, and exit code 3 says \
                          so; what came is printed.";
            let program = expect_broken(t, response, lesson)?;
            program.expect_output("five.").teaches(lesson)?;
        }
        Ok(())
    })
}

/// Chunks with extensions, leading zeros and large digits, trailers behind, cut anywhere.
#[test]
fn chunks_may_say_more_than_their_size() -> Graded {
    check(|t| {
        let (program, mut server) = asked(t)?;
        let (one, two) = (t.word(26), t.word(10));
        server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n")?;
        server.pause();
        let message = format!(
            "1A;name=value;flag\r\n{one}\r\n00000000000000000000a ; q=\"x;y\"\r\n{two}\r\n\
             000;last\r\nExpires: 0\r\nX-Check: 1\r\n\r\n"
        );
        let lesson = "Behind a chunk's size may stand extensions, and behind the last chunk \
                      trailers: skip both (RFC 9112 7.1.1, 7.1.2). The size ends at the semicolon.";
        server
            .send_in_pieces(message, &t.piece_sizes(9))
            .teaches(lesson)?;
        program
            .expect_output(one + &two)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)
    })
}

/// Both fields, and the length is wrong.
#[test]
fn chunks_win_over_the_length() -> Graded {
    check(|t| {
        for length in [3, 3000] {
            let (program, mut server) = asked(t)?;
            let body = t.word(20);
            server.send(format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n\
                 14\r\n{body}\r\n0\r\n\r\n"
            ))?;
            let lesson = "Transfer-Encoding overrides Content-Length, whichever comes first \
                          (RFC 9112 6.3).";
            program.expect_output(&body).teaches(lesson)?;
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// Sizes that are no numbers, data that does not fit them, and an end before the last chunk.
#[test]
fn chunks_that_are_none_are_told() -> Graded {
    check(|t| {
        gets_a_page(t)?;
        let lesson = "A chunk's size is hexadecimal digits and no more, its data ends with CR LF, \
                      and a body without the last chunk is incomplete: anything else is exit code 3.";
        for chunks in [
            "xyz\r\nabc\r\n0\r\n\r\n",
            "+3\r\nabc\r\n0\r\n\r\n",
            "0x3\r\nabc\r\n0\r\n\r\n",
            "\r\nabc\r\n0\r\n\r\n",
            "3\r\nabcdef\r\n0\r\n\r\n",
            "10000000000000000\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc\r\n",
            "6\r\nabc",
        ] {
            let response = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
            expect_broken(t, response, lesson)?;
        }
        let coded =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        let lesson = "You did not say that you know gzip, and cannot undo it: a transfer coding \
                      that nobody asked for is exit code 3.";
        expect_broken(t, coded, lesson).map(drop)
    })
}

/// A body of unknown length: it comes bit by bit, and ends with the stream.
#[test]
fn a_body_without_a_length_lasts_to_the_end() -> Graded {
    check(|t| {
        let (program, mut server) = asked(t)?;
        server.send("HTTP/1.0 200 OK\r\n\r\n")?;
        let lesson = "No chunks and no length: the body is all that comes, to the end of the \
                      stream, and is printed as it comes.";
        let mut body = Vec::new();
        for piece in [t.bytes(10), b"\r\n\r\n".to_vec(), t.bytes(5000)] {
            server.send_until_closed(&piece).teaches(lesson)?;
            body.extend(piece);
            program.expect_output_so_far(&body).teaches(lesson)?;
        }
        server.close();
        program.expect_exit(0).teaches(lesson)
    })
}

/// Two interim responses, in one segment with the beginning of the final one.
#[test]
fn interim_responses_are_skipped() -> Graded {
    check(|t| {
        let (program, mut server) = asked(t)?;
        let body = t.word(9);
        server.send(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n\
             HTTP/1.1 200 Fi",
        )?;
        server.pause();
        let lesson = "A status of 1xx is an interim response: a header and no body. Skip it, and \
                      read the next, until the final one comes.";
        let rest = format!("ne\r\nContent-Length: 9\r\n\r\n{body}");
        server.send_until_closed(rest).teaches(lesson)?;
        server.half_close()?;
        program.expect_output(&body).teaches(lesson)?;
        program.expect_exit(0).teaches(lesson)?;
        program
            .expect_said("HTTP/1.1 200 Fine\n")
            .teaches("The status line that counts is that of the final response.")
    })
}

/// No content, and nothing modified: headers that speak of a body that does not come.
#[test]
fn no_content_is_no_body() -> Graded {
    check(|t| {
        for head in [
            "204 No Content\r\n",
            "204 No Content\r\nTransfer-Encoding: chunked\r\n",
            "304 Not Modified\r\nContent-Length: 100\r\n",
        ] {
            let (program, mut server) = asked(t)?;
            server.send(format!("HTTP/1.1 {head}\r\n"))?;
            let lesson = "204 and 304 have no body, whatever their fields say (RFC 9112 6.3): when \
                          the header is over, so is the message.";
            program.expect_output("").teaches(lesson)?;
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// A header of 60 000 bytes is one; those without end are none, in one line or in many.
#[test]
fn a_header_has_an_end() -> Graded {
    check(|t| {
        let (program, mut server) = asked(t)?;
        let long = "x".repeat(59_900);
        server.send(format!(
            "HTTP/1.1 200 OK\r\nX-Long: {long}\r\nContent-Length: 4\r\n\r\npage"
        ))?;
        server.close();
        program
            .expect_output("page")
            .teaches("A header may have 64 KiB, and this one has less.")?;

        let lesson = "A header that never ends must not own your memory and your time: count what \
                      comes before the body, and give up beyond 64 KiB.";
        for piece in ["X-Endless: 1\r\n", "x", "\r\nHTTP/1.1 100 Continue\r\n"] {
            let (program, mut server) = asked(t)?;
            server.send("HTTP/1.1 100 Continue\r\n")?;
            let block = piece.repeat(16_384 / piece.len());
            for _ in 0..64 {
                if server.send_until_closed(&block)? < block.len() {
                    break;
                }
            }
            program
                .expect_failure(3)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
            program.expect_output("").teaches(lesson)?;
        }
        Ok(())
    })
}

/// The stream ends before the header does, or begins with something else.
#[test]
fn half_a_header_is_none() -> Graded {
    check(|t| {
        gets_a_page(t)?;
        let lesson = "A response is a status line of HTTP/1, fields and an empty line: when one of \
                      them is missing at the end of the stream there is no response, exit code 3.";
        for response in [
            "",
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n",
            "HTTP/1.1 200 OK\r\nContent-Le",
            "SSH-2.0-server\r\n\r\n",
            "HTTP/1.1 2x0 OK\r\n\r\n",
            "ICY 200 OK\r\n\r\n",
        ] {
            let program = expect_broken(t, response, lesson)?;
            program.expect_output("").teaches(lesson)?;
        }
        Ok(())
    })
}

/// Lengths that are no numbers, or not the same number.
#[test]
fn lengths_are_one_number() -> Graded {
    check(|t| {
        let (program, mut server) = asked(t)?;
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\npage")?;
        server.close();
        program
            .expect_output("page")
            .teaches("The same length twice is that length.")?;

        let lesson = "Who cannot tell where the body ends must not guess: a Content-Length is \
                      digits alone, and two of them agree, or the message is broken.";
        for lengths in [
            "Content-Length: +4\r\n",
            "Content-Length: four\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 4\r\nContent-Length: 5\r\n",
        ] {
            let response = format!("HTTP/1.1 200 OK\r\n{lengths}\r\npage");
            let program = expect_broken(t, response, lesson)?;
            program.expect_output("").teaches(lesson)?;
        }
        Ok(())
    })
}

/// Names in odd letters, blanks where there may be some, and a value that goes on in the next line.
#[test]
fn fields_are_written_in_many_ways() -> Graded {
    check(|t| {
        for fields in [
            "content-length:6\r\n",
            "CONTENT-LENGTH: \t 6 \t \r\n",
            "X-Note: a\r\n Content-Length: 2\r\nContent-Length:\r\n\t6\r\n",
            "X-Content-Length: 2\r\nX-Note: Content-Length: 2\r\nContent-Length: 6\r\n",
        ] {
            let (program, mut server) = asked(t)?;
            let body = t.word(6);
            server.send(format!("HTTP/1.1 200 OK\r\n{fields}\r\n{body}surplus"))?;
            server.half_close()?;
            let lesson = "A field's name is compared without case, its value has no blanks at its \
                          ends, and a line that begins with a blank goes on with the value before.";
            program.expect_output(&body).teaches(lesson)?;
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// A server on ::1.
#[test]
fn an_ipv6_address_stands_in_brackets() -> Graded {
    check(|t| {
        let listener = t.listen_at(IpAddr::V6(Ipv6Addr::LOCALHOST))?;
        let port = listener.addr().port();
        let program = t.run(&["webget", &format!("http://[::1]:{port}?all")])?;
        let lesson = "Brackets protect the colons of an IPv6 address (RFC 3986 3.2.2).";
        let mut server = listener
            .accept(&program)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        server
            .expect_line("GET /?all HTTP/1.1\r")
            .teaches("An empty path is the path /, also in front of a query.")?;
        let mut host = Vec::new();
        loop {
            let line = server.line()?;
            if line.trim_ascii().is_empty() {
                break;
            }
            if line.to_ascii_lowercase().starts_with(b"host:") {
                host.extend(line[5..].trim_ascii());
            }
        }
        differs("the field Host", format!("[::1]:{port}"), host)
            .teaches("Host is the host as the URL has it, brackets too, and the port.")?;
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nv6")?;
        server.close();
        program.expect_output("v6").teaches(lesson)
    })
}

/// URLs that are none here; and one without a port, which nobody answers.
#[test]
fn only_urls_with_literal_hosts_are_taken() -> Graded {
    check(|t| {
        gets_a_page(t)?;
        let lesson = "This is no URL of a literal address: say so, with exit code 2, before \
                      anything is sent.";
        let listener = t.listen()?;
        let addr = listener.addr();
        let (ip, port) = (addr.ip(), addr.port());
        for url in [
            format!("http://localhost:{port}/"),
            format!("https://{addr}/"),
            format!("{addr}/"),
            format!("http://user@{addr}/"),
            format!("http://{ip}:+{port}/"),
            format!("http://{ip}:99999/"),
            format!("http://{ip}.:{port}/"),
            "http://::1:8080/".to_owned(),
            "http://[::1/".to_owned(),
            "http:///".to_owned(),
            format!("http://{addr}/a b"),
            format!("http://{addr}/ HTTP/1.1\r\nX-Smuggled: 1"),
        ] {
            let program = t.run(&["webget", &url])?;
            program
                .expect_failure(2)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        // Whoever it is that listens on port 80, it is not at this check's address; and the
        // reason that main gives names the address.
        for url in [format!("http://{ip}"), format!("HTTP://{ip}:/x")] {
            let program = t.run(&["webget", &url])?;
            let lesson = "Without a port, or with an empty one, it is 80 (RFC 9110 4.2.1).";
            program
                .expect_failure(1)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
            program.expect_said(&format!("{ip}:80")).teaches(lesson)?;
        }
        Ok(())
    })
}
