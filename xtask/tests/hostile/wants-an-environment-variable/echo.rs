//! Will not compile without a variable of the instructor's.

use std::io;
use std::net::TcpListener;

const CANARY: &str = env!("CANARY_IN_THE_ENVIRONMENT");
const HOME: &str = env!("HOME");

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    panic!("{CANARY} {HOME}")
}
