use testbench::prelude::*;

#[test]
fn greets_the_next() -> Graded {
    check(|t| {
        let server = t.serve("hello", &[])?;
        server.connect()?.expect("hello\n").teaches("Say hello.")?;
        let second = server
            .connect()
            .and_then(|mut client| client.expect("hello\n"));
        second.teaches("Loop over accept.")
    })
}
