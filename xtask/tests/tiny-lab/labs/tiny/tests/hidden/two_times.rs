use testbench::prelude::*;

#[test]
fn says_it_twice() -> Graded {
    check(|t| {
        let word = t.word(12);
        let mut client = t.serve("two-times", &[])?.connect()?;
        client.send(&word)?;
        client.half_close()?;
        client.expect(&word).teaches("Answer.")?;
        client.expect(&word).teaches("Once more, please.")
    })
}
