//! Stage `chat`: what one says, the others hear.

use testbench::prelude::*;

/// Two come, talk, and one leaves; a third comes and finds who is there.
#[test]
fn a_conversation() -> Graded {
    check(|t| {
        let server = t.serve("chat", &[])?;
        let welcome = "A name is answered by OK and the names of those who are there, in the order in \
                       which they came.";
        let notice =
            "Who joins and who leaves is told to all the others, once, and to nobody else.";
        let message = "What one says reaches every other with the sender's name before it, and never \
                       the sender.";

        let mut ann = server.connect()?;
        ann.send("ann\n")?;
        ann.expect_line("OK").teaches(welcome)?;
        let mut bob = server.connect()?;
        bob.send("Bob2\n")?;
        bob.expect_line("OK ann").teaches(welcome)?;
        ann.expect_line("+Bob2").teaches(notice)?;
        let mut cat = server.connect()?;
        cat.send("cat\n")?;
        cat.expect_line("OK ann Bob2").teaches(welcome)?;
        ann.expect_line("+cat").teaches(notice)?;
        bob.expect_line("+cat").teaches(notice)?;

        for _ in 0..2 {
            let (question, answer) = (t.word(20), t.word(20));
            ann.send(format!("{question}\n"))?;
            bob.expect_line(&format!("ann: {question}"))
                .teaches(message)?;
            cat.expect_line(&format!("ann: {question}"))
                .teaches(message)?;
            bob.send(format!("{answer}\n"))?;
            ann.expect_line(&format!("Bob2: {answer}"))
                .teaches(message)?;
            cat.expect_line(&format!("Bob2: {answer}"))
                .teaches(message)?;
        }

        bob.half_close()?;
        ann.expect_line("-Bob2").teaches(notice)?;
        cat.expect_line("-Bob2").teaches(notice)?;
        bob.expect_end()
            .teaches("Who has finished gets what it is owed, and then the end of the stream.")
    })
}

/// Names that are none, a name that is taken, and one that is free again.
#[test]
fn names_are_checked() -> Graded {
    check(|t| {
        let server = t.serve("chat", &[])?;
        let mut ann = server.connect()?;
        ann.send("ann\n")?;
        ann.expect_line("OK")?;

        let mut other = server.connect()?;
        let long = t.word(17);
        for bad in ["", "two words", "größe", "a-b", &long] {
            other.send(format!("{bad}\n"))?;
            other
                .expect_line("ERR bad name")
                .teaches("A name is 1 to 16 letters and digits; whoever says another is told so, and may try again.")?;
        }
        other.send("ann\n")?;
        other
            .expect_line("ERR name taken")
            .teaches("Two of one name could not be told apart: the second is told that it is taken, and may try another.")?;
        other.send("Ann\n")?;
        other
            .expect_line("OK ann")
            .teaches("A name counts as it is written: Ann is not ann.")?;
        ann.expect_line("+Ann")?;

        ann.close();
        other.expect_line("-ann")?;
        let mut again = server.connect()?;
        again.send("ann\n")?;
        again
            .expect_line("OK Ann")
            .teaches("Who has left does not need the name any more.")
    })
}
