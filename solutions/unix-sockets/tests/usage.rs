//! What the given `main` makes of command lines that ask for nothing it can do.

use testbench::prelude::*;
use testbench::unix_address::LONGEST;

/// The program says what is wrong, and leaves with exit code 2.
fn refused(args: &[&str]) -> Graded {
    check(|t| t.run(args)?.expect_failure(2))
}

#[test]
fn a_path_that_fits_no_address_is_a_usage_error() -> Graded {
    let addr = format!("unix:/{}", "x".repeat(LONGEST));
    refused(&["path", "--bind", &addr])
}

#[test]
fn a_name_that_fits_no_address_is_a_usage_error() -> Graded {
    let addr = format!("abstract:{}", "%00".repeat(LONGEST + 1));
    refused(&["abstract", "--bind", &addr])
}

#[test]
fn a_name_that_is_half_escaped_is_a_usage_error() -> Graded {
    refused(&["abstract", "--bind", "abstract:a%0"])
}

#[test]
fn a_path_is_no_abstract_name() -> Graded {
    refused(&["abstract", "--bind", "unix:/tmp/x"])
}

#[test]
fn a_server_is_no_client_at_once() -> Graded {
    refused(&[
        "abstract",
        "--bind",
        "abstract:a",
        "--connect",
        "abstract:b",
    ])
}

#[test]
fn a_server_without_an_address_is_a_usage_error() -> Graded {
    refused(&["credentials"])
}

#[test]
fn a_stage_that_there_is_not_is_a_usage_error() -> Graded {
    refused(&["paths", "--bind", "unix:/tmp/x"])
}
