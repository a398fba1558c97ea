//! A macro that doubles its input for ever.
#![allow(unused)]

use std::io;
use std::net::TcpListener;

macro_rules! doubled {
    ($($token:tt)*) => { doubled!($($token)* $($token)*); };
}
doubled!(a);

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    Ok(())
}
