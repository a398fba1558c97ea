//! Stage `time`: four bytes, the most significant first.

use testbench::prelude::*;

/// From 1 January 1900 to 1 January 1970 (RFC 868).
const FROM_1900_TO_1970: i64 = 2_208_988_800;

/// Times from 1970 to the last second that 32 bits can count, each with its own run.
#[test]
fn prints_unix_seconds() -> Graded {
    check(|t| {
        let last = i64::from(u32::MAX) - FROM_1900_TO_1970;
        for seconds in [1_734_466_916, t.number(1_000_000_000..=last), 0, last] {
            let (program, mut server) = t.meet("time", &[])?;
            let since_1900 = u32::try_from(seconds + FROM_1900_TO_1970)
                .map_err(|error| Failure::grader("choose a time", error))?;
            server.send(since_1900.to_be_bytes())?;
            server.close();
            let lesson = "The number is 32 bits without a sign in network byte order, which is \
                          big-endian: u32::from_be_bytes, less 2208988800.";
            program
                .expect_output(format!("{seconds}\n"))
                .when(Saw::Crash, lesson)
                .teaches(lesson)?;
            program
                .expect_exit(0)
                .teaches("A time has come and is printed: exit 0.")?;
        }
        Ok(())
    })
}

/// Each byte comes in a segment of its own.
#[test]
fn a_time_in_pieces_is_one() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("time", &[])?;
        let seconds = t.number(1_000_000_000..=2_000_000_000);
        let since_1900 = u32::try_from(seconds + FROM_1900_TO_1970)
            .map_err(|error| Failure::grader("choose a time", error))?;
        server
            .send_in_pieces(since_1900.to_be_bytes(), &[1])
            .teaches(PIECES)?;
        server.close();
        program
            .expect_output(format!("{seconds}\n"))
            .when(Saw::Crash, PIECES)
            .teaches(PIECES)
    })
}

const PIECES: &str = "TCP gave you a part of the four bytes; keep what you have and read again \
                      until you have all of them.";
