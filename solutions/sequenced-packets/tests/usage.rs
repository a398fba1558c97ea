//! What the given `main` makes of command lines and scripts that ask for nothing it can do.

use testbench::prelude::*;

/// The program says what is wrong, and leaves with exit code 2.
fn refused(args: &[&str]) -> Graded {
    check(|t| t.run(args)?.expect_failure(2))
}

/// The script is refused as a whole: nothing is printed, and exit code 2.
fn script_refused(script: &str) -> Graded {
    check(|t| {
        t.need_packets()?;
        let program = t.run_typing(&["compare"])?;
        program.feed(script)?;
        program.expect_output("")?;
        program.expect_failure(2)
    })
}

#[test]
fn a_server_without_an_address_is_a_usage_error() -> Graded {
    refused(&["rpc"])
}

#[test]
fn a_client_without_a_server_is_a_usage_error() -> Graded {
    refused(&["limits", "--wait", "10"])
}

#[test]
fn an_internet_address_is_a_usage_error() -> Graded {
    refused(&["rpc", "--bind", "127.0.0.1:0"])
}

#[test]
fn a_maximum_of_nothing_is_a_usage_error() -> Graded {
    refused(&["truncation", "--bind", "unix:/tmp/x", "--max", "0"])
}

#[test]
fn an_option_of_another_stage_is_a_usage_error() -> Graded {
    refused(&["rpc", "--bind", "unix:/tmp/x", "--max", "3"])
}

#[test]
fn a_stage_that_there_is_not_is_a_usage_error() -> Graded {
    refused(&["rpcs", "--bind", "unix:/tmp/x"])
}

#[test]
fn a_script_that_sends_after_the_end_is_refused() -> Graded {
    script_refused("end\nsend \"x\"\n")
}

#[test]
fn a_script_that_receives_into_nothing_is_refused() -> Graded {
    script_refused("receive 0\n")
}

#[test]
fn a_script_with_half_an_escape_is_refused() -> Graded {
    script_refused("send \"\\x4\"\n")
}

#[test]
fn a_server_that_cannot_have_its_path_says_so() -> Graded {
    check(|t| {
        t.need_packets()?;
        let folder = t.folder()?;
        folder.write("taken", "text")?;
        for stage in ["rpc", "truncation"] {
            t.start_unix(stage, &folder.socket("taken"), &[])?
                .expect_cannot_serve()?;
        }
        Ok(())
    })
}

#[test]
fn a_server_takes_its_path_away_on_sigterm() -> Graded {
    check(|t| {
        t.need_packets()?;
        let folder = t.folder()?;
        for stage in ["rpc", "truncation"] {
            let server = t.serve_unix(stage, &folder.socket(stage), &[])?;
            server.connect_packets()?.close();
            server.terminate()?;
            server.expect_exit(0)?;
            wrong(!folder.path().join(stage).exists(), Saw::Wrong, || {
                format!("{stage} has left its socket behind")
            })?;
        }
        Ok(())
    })
}
