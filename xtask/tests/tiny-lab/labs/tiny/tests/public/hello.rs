use testbench::prelude::*;

#[test]
fn greets() -> Graded {
    check(|t| {
        let mut client = t.serve("hello", &[])?.connect()?;
        client.expect("hello\n").teaches("Say hello.")?;
        client.expect_end().teaches("Say no more than hello.")
    })
}
