use testbench::prelude::*;

#[test]
fn greets() -> Graded {
    check(|t| {
        let mut client = t.serve("hello", &[])?.connect()?;
        client.expect("hello\n").teaches("Say hello.")
    })
}
