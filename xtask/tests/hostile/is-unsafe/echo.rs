//! Unsafe in each way that there is: blocks, functions, implementations, statics, attributes.
#![allow(unsafe_code)]

use std::io;
use std::net::TcpListener;

unsafe extern "C" {
    fn fork() -> i32;
    static environ: *const *const i8;
}

struct Shared(*const u8);
unsafe impl Sync for Shared {}
static SHARED: Shared = Shared(std::ptr::null());

unsafe fn dangerous() {}

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    #[allow(unsafe_code)]
    unsafe {
        dangerous();
        fork();
        std::arch::asm!("syscall");
        println!("{:?} {:?}", *SHARED.0, environ);
    }
    Ok(())
}
