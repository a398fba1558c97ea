//! A million errors.
#![allow(unused)]

use std::io;
use std::net::TcpListener;

macro_rules! ten {
    ($what:ident $($token:tt)*) => {
        $what!($($token)*); $what!($($token)*); $what!($($token)*); $what!($($token)*); $what!($($token)*);
        $what!($($token)*); $what!($($token)*); $what!($($token)*); $what!($($token)*); $what!($($token)*);
    };
}
macro_rules! wrong {
    () => {
        let wrong: u8 = "this is no number, and the message about it is as long as it can be made";
    };
}

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    ten!(ten ten ten ten ten wrong);
    let _ = listener;
    Ok(())
}
