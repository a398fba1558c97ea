use testbench::prelude::*;

#[test]
fn answers() -> Graded {
    check(|t| {
        let word = t.word(40);
        let mut client = t.serve("two-times", &[])?.connect()?;
        client.send(&word)?;
        client.half_close()?;
        client.expect(&word).teaches("Answer.")
    })
}
