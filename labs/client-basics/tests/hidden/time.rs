//! Stage `time`: too few bytes, too many, and odd times.

use testbench::prelude::*;

/// A time, as it goes over the wire and as it is printed.
fn a_time(t: &Bench) -> ([u8; 4], String) {
    let offset = t.number(1..=2_085_978_495);
    let since_1900 = 2_208_988_800 + u32::try_from(offset).unwrap_or(0);
    (since_1900.to_be_bytes(), format!("{offset}\n"))
}

/// Eight bytes, and the server keeps the connection open; then four, and it keeps it open too.
#[test]
fn does_not_wait_for_the_end() -> Graded {
    check(|t| {
        for surplus in [t.bytes(4), Vec::new()] {
            let (bytes, printed) = a_time(t);
            let (program, mut server) = t.meet("time", &[])?;
            server.send([&bytes[..], &surplus].concat())?;
            let lesson = "The message has four bytes: when you have them, nothing more needs to \
                          come, neither bytes nor the end of the stream.";
            program.expect_output(&printed).teaches(lesson)?;
            program.expect_exit(0).teaches(lesson)?;
        }
        Ok(())
    })
}

/// A program that can do it at all: a check that looks for failure begins with this.
fn gets_a_time(t: &Bench) -> Outcome {
    let (program, mut server) = t.meet("time", &[])?;
    server.send(a_time(t).0)?;
    server.close();
    program.expect_exit(0)
}

/// One, two and three bytes, and then the end.
#[test]
fn three_bytes_are_no_time() -> Graded {
    check(|t| {
        gets_a_time(t)?;
        let (bytes, _) = a_time(t);
        for length in 1..4 {
            let (program, mut server) = t.meet("time", &[])?;
            server.send(&bytes[..length])?;
            server.close();
            let lesson = "The stream ended in the middle of the number: the server broke the \
                          protocol, which is exit code 3, and there is no time to print.";
            program
                .expect_failure(3)
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
            program.expect_output("").teaches(lesson)?;
        }
        Ok(())
    })
}

/// The server closes without a byte: it does not know the time.
#[test]
fn a_server_may_not_know() -> Graded {
    check(|t| {
        gets_a_time(t)?;
        let (program, server) = t.meet("time", &[])?;
        server.close();
        let lesson = "A server that does not know the time closes without sending anything \
                      (RFC 868): the answer is no, exit code 1, and the protocol is kept.";
        program
            .expect_failure(1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_output("").teaches(lesson)
    })
}

/// The first second of the count, and one of the year 1950.
#[test]
fn a_time_before_1970_is_negative() -> Graded {
    check(|t| {
        let before_1970 = u32::try_from(t.number(1_500_000_000..=2_000_000_000)).unwrap_or(0);
        for since_1900 in [before_1970, 0] {
            let (program, mut server) = t.meet("time", &[])?;
            server.send(since_1900.to_be_bytes())?;
            server.close();
            let lesson = "The peer chooses the number: one below 2208988800 is a time before \
                          1970, and needs a type with a sign and more than 32 bits.";
            program
                .expect_output(format!("{}\n", i64::from(since_1900) - 2_208_988_800))
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
        }
        Ok(())
    })
}
