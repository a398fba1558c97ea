//! Stage `webget`: a request, and the page that comes back.

use std::net::SocketAddr;

use testbench::prelude::*;

/// Starts the program for `path` of this check's server, whose address is given too.
fn visited(t: &Bench, path: &str) -> Outcome<(Program, Peer, SocketAddr)> {
    let listener = t.listen()?;
    let addr = listener.addr();
    let program = t.run(&["webget", &format!("http://{addr}{path}")])?;
    let server = listener.accept(&program)?;
    Ok((program, server, addr))
}

/// The lines of a request without their LF, through the empty one.
fn request(server: &mut Peer) -> Outcome<Vec<Vec<u8>>> {
    let mut lines = Vec::new();
    loop {
        let line = server.line().teaches(
            "A request ends with an empty line: the server waits for it, and answers then.",
        )?;
        let last = line.is_empty() || line == b"\r";
        lines.push(line);
        if last {
            return Ok(lines);
        }
    }
}

/// As `visited`, and the request has come.
fn asked(t: &Bench, path: &str) -> Outcome<(Program, Peer)> {
    let (program, mut server, _) = visited(t, path)?;
    request(&mut server)?;
    Ok((program, server))
}

/// A page of random bytes, with its length; the server closes behind it.
#[test]
fn prints_the_page_and_the_status() -> Graded {
    check(|t| {
        let (program, mut server) = asked(t, "/")?;
        let body = t.bytes(3000);
        let phrase = t.word(8);
        server.send(format!(
            "HTTP/1.1 200 {phrase}\r\nContent-Type: image/png\r\nContent-Length: 3000\r\n\r\n"
        ))?;
        server.send(&body)?;
        server.close();
        program.expect_output(&body).teaches(
            "The body begins behind the empty line, and is bytes: print all of it, and nothing \
             else, to stdout.",
        )?;
        program
            .expect_exit(0)
            .teaches("The page has come as a whole, and its status is below 400: exit 0.")?;
        program
            .expect_said(&format!("HTTP/1.1 200 {phrase}\n"))
            .teaches("The status line goes to stderr, as it came, a line of its own.")
    })
}

/// The request, looked at as a strict server does.
#[test]
fn asks_as_http_wants() -> Graded {
    check(|t| {
        let (one, two) = (t.word(8), t.word(8));
        let path = format!("/{one}/x.html?q={two}#part");
        let (_program, mut server, addr) = visited(t, &path)?;
        let lines = request(&mut server)?;
        let http = "HTTP lines end with CRLF and 1.1 needs Host.";
        for line in &lines {
            wrong(
                line.iter().position(|byte| *byte == b'\r') == line.len().checked_sub(1),
                Saw::Wrong,
                || "a line of the request does not end with CR LF".to_owned(),
            )
            .map_err(|failure| failure.expecting("...\\r\\n", &[line, &b"\n"[..]].concat()))
            .teaches(http)?;
        }
        let lines: Vec<&[u8]> = lines.iter().map(|line| &line[..line.len() - 1]).collect();
        differs(
            "the request line",
            format!("GET /{one}/x.html?q={two} HTTP/1.1"),
            lines[0],
        )
        .teaches(
            "GET, one space, path and query, one space, HTTP/1.1; what stands behind # is not \
             sent.",
        )?;
        let hosts = values(&lines, "host");
        let host = addr.to_string();
        wrong(hosts == [host.as_bytes()], Saw::Wrong, || {
            format!(
                "of {} fields Host, not one and only one is right",
                hosts.len()
            )
        })
        .map_err(|failure| failure.expecting(host, &hosts.join(&b","[..])))
        .teaches(http)?;
        let close = values(&lines, "connection");
        wrong(
            close
                .iter()
                .any(|value| value.eq_ignore_ascii_case(b"close")),
            Saw::Wrong,
            || "the request does not say Connection: close".to_owned(),
        )
        .teaches(
            "In 1.1 a connection stays open for the next request; who sends no other says so, \
             with Connection: close (RFC 9112 9.3).",
        )
    })
}

/// The values of the field `name` in a request.
fn values<'a>(lines: &[&'a [u8]], name: &str) -> Vec<&'a [u8]> {
    let field = |line: &&'a [u8]| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let is_it = line[..colon].eq_ignore_ascii_case(name.as_bytes());
        is_it.then(|| line[colon + 1..].trim_ascii())
    };
    lines.iter().filter_map(field).collect()
}

/// The page is not there, and the server says so with a page.
#[test]
fn an_error_page_is_printed_and_told() -> Graded {
    check(|t| {
        for status in ["404 Not Found", "503 Service Unavailable"] {
            let (program, mut server) = asked(t, &format!("/{}", t.word(5)))?;
            let page = format!("<p>{}</p>", t.word(20));
            let length = page.len();
            server.send(format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{page}"
            ))?;
            server.close();
            program
                .expect_output(&page)
                .teaches("The body of an error says more than its number: print it too.")?;
            program.expect_failure(1).teaches(
                "Whoever called you wants to know that this is not the page: 400 and above is \
                 exit code 1.",
            )?;
        }
        Ok(())
    })
}

/// Three chunks and the last; the connection stays open.
#[test]
fn decodes_chunks() -> Graded {
    check(|t| {
        let (program, mut server) = asked(t, "/")?;
        let chunks = [t.bytes(5), t.bytes(300), t.bytes(27)];
        server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        for chunk in &chunks {
            let size = format!("{:x}\r\n", chunk.len());
            server.send([size.as_bytes(), chunk, b"\r\n"].concat())?;
        }
        server.send("0\r\n\r\n")?;
        program
            .expect_output(chunks.concat())
            .when(
                Saw::Silence,
                "The chunk of size 0 is the last one: behind it and an empty line the body has \
                 ended, and the connection may stay open.",
            )
            .teaches(
                "Each chunk is its size in hexadecimal digits, CR LF, that many bytes, CR LF; only \
                 the bytes are the body.",
            )?;
        program.expect_exit(0).teaches(
            "The chunk of size 0 ended the body: leave, the server may keep the connection open.",
        )
    })
}
