//! Stage `connection`: everything that a socket can answer.

use testbench::bytes::escape;
use testbench::prelude::*;

/// More bytes come while others wait for room; then fifty rounds of both, from the seed.
#[test]
fn what_comes_later_waits_behind() -> Graded {
    check(|t| {
        let lesson = "Bytes were still waiting when more came: put those behind them, not in their \
                      place.";
        let mut script = t.converse(&["connection"])?;
        let mut waiting = Vec::new();
        for round in 0..=50 {
            let mut arrivals: Vec<usize> = (0..t.below(3)).map(|_| 1 + t.below(2000)).collect();
            let there = waiting.len() + arrivals.iter().sum::<usize>();
            let mut room = 1 + t.below(2500);
            if round == 50 {
                room = 1_000_000;
            } else if there <= room {
                // Room that is left over would be there in the next round, too.
                arrivals.push(room + 1 - there);
            }
            let mut lines = Vec::new();
            for count in arrivals {
                let bytes = t.bytes(count);
                lines.push(format!("read \"{}\"\n", escape(&bytes)));
                waiting.extend(bytes);
            }
            let sent: Vec<u8> = waiting.drain(..room.min(waiting.len())).collect();
            let wishes = if waiting.is_empty() {
                "read"
            } else {
                "read write"
            };
            lines.push(format!("write {room}\npoll\n"));
            let answer = format!("sent \"{}\" wants {wishes}\n", escape(&sent));
            script.ask(lines.concat(), answer).teaches(lesson)?;
        }
        script.finish(0)
    })
}

/// The socket was said to be ready, and is not; then it is.
#[test]
fn would_block_means_later() -> Graded {
    check(|t| {
        const SPINS: &str = "WouldBlock says: not now. Return, and you will be told when; to call again at \
                             once is to spin until it changes.";
        const FAILS: &str =
            "WouldBlock is no failure: nothing is lost, and the connection goes on.";
        let word = t.word(8);
        let mut script = t.converse(&["connection"])?;
        script
            .ask("read wouldblock\npoll\n", "sent \"\" wants read\n")
            .when(Saw::Exit, SPINS)
            .when(Saw::Spinning, SPINS)
            .teaches(FAILS)?;
        script
            .ask(
                format!("read \"{word}\"\nwrite wouldblock\npoll\n"),
                "sent \"\" wants read write\n",
            )
            .when(Saw::Exit, SPINS)
            .when(Saw::Spinning, SPINS)
            .teaches(FAILS)?;
        script
            .ask(
                "write 2\nwrite wouldblock\nwrite 100\npoll\n",
                format!("sent \"{word}\" wants read\n"),
            )
            .when(Saw::Exit, SPINS)
            .when(Saw::Spinning, SPINS)
            .teaches(FAILS)?;
        script.finish(0)
    })
}

/// A signal comes in the middle of reading and of writing.
#[test]
fn an_interruption_is_no_failure() -> Graded {
    check(|t| {
        let lesson = "A signal interrupted the call, nothing is wrong: call again.";
        let word = t.word(6);
        let mut script = t.converse(&["connection"])?;
        script
            .ask(
                format!("read interrupted\nread \"{word}\"\nwrite 2\nwrite interrupted\npoll\n"),
                format!("sent \"{}\" wants read write\n", &word[..2]),
            )
            .teaches(lesson)?;
        script
            .ask(
                "write interrupted\nwrite 100\npoll\n",
                format!("sent \"{}\" wants read\n", &word[2..]),
            )
            .teaches(lesson)?;
        script.finish(0)
    })
}

/// The client finishes while bytes wait for room; and, in another script, without a word.
#[test]
fn the_end_waits_for_the_rest() -> Graded {
    check(|t| {
        const READS_ON: &str = "read returned 0: the client will send no more. Stop wanting to read, or poll returns at \
             once, for ever.";
        let word = t.word(7);
        let mut script = t.converse(&["connection"])?;
        let steps = [
            (
                format!("read \"{word}\"\nwrite 2\nread end\npoll\n"),
                format!("sent \"{}\" wants write\n", &word[..2]),
            ),
            (
                "write 3\npoll\n".to_owned(),
                format!("sent \"{}\" wants write\n", &word[2..5]),
            ),
            (
                "write 100\npoll\n".to_owned(),
                format!("sent \"{}\" wants nothing\n", &word[5..]),
            ),
        ];
        for (lines, answer) in steps {
            script.ask(lines, answer).when(Saw::Exit, READS_ON).teaches(
                "The client stopped talking but still listens: what it is owed goes first, then you \
                 are done.",
            )?;
        }
        script.finish(0)?;

        let mut script = t.converse(&["connection"])?;
        script
            .ask("read end\npoll\n", "sent \"\" wants nothing\n")
            .when(Saw::Exit, READS_ON)
            .teaches("The client has finished, and nothing is owed to it: there is nothing left to want.")?;
        script.finish(0)
    })
}

/// There is room, and nothing to write; then there is too much to write.
#[test]
fn writing_is_wanted_with_something_to_write() -> Graded {
    check(|t| {
        let lesson = "A socket with room is always writable: ask to write only while bytes wait for \
                      it.";
        let word = t.word(9);
        let mut script = t.converse(&["connection"])?;
        script
            .ask("poll\n", "sent \"\" wants read\n")
            .teaches(lesson)?;
        script
            .ask("write 5\npoll\n", "sent \"\" wants read\n")
            .teaches(lesson)?;
        script
            .ask(
                format!("read \"{word}\"\npoll\n"),
                format!("sent \"{}\" wants read write\n", &word[..5]),
            )
            .teaches("There are bytes to write, and no room: want to write, or nobody will tell you of it.")?;
        script.finish(0)
    })
}

/// The client resets, once while the program reads and once while it writes.
#[test]
fn a_reset_is_told() -> Graded {
    check(|t| {
        let lesson = "A reset is the end of this connection, and whoever has the socket must hear \
                      of it: return the error.";
        let word = t.word(5);
        let mut script = t.converse(&["connection"])?;
        script
            .ask("read reset\npoll\n", "sent \"\" failed\n")
            .teaches(lesson)?;
        script.finish(0)?;

        let mut script = t.converse(&["connection"])?;
        script
            .ask(
                format!("read \"{word}\"\nread end\nwrite 2\nwrite reset\npoll\n"),
                format!("sent \"{}\" failed\n", &word[..2]),
            )
            .teaches(lesson)?;
        script.finish(0)
    })
}
