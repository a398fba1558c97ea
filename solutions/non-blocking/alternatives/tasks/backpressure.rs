//! An echo in the style of async: a task reads no further before it has written.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

/// A socket, and what its task waits for.
struct Source {
    stream: TcpStream,
    awaited: Cell<Events>,
}

impl Source {
    /// The call's result, when it need not wait any more for `events`.
    async fn when(
        &self,
        events: Events,
        mut call: impl FnMut() -> io::Result<usize>,
    ) -> io::Result<usize> {
        poll_fn(|_| match call() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.awaited.set(events);
                Poll::Pending
            }
            outcome => Poll::Ready(outcome),
        })
        .await
    }

    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.when(POLLIN, || (&self.stream).read(buffer)).await
    }

    async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let taken = self.when(POLLOUT, || (&self.stream).write(bytes)).await?;
            bytes = &bytes[taken..];
        }
        Ok(())
    }
}

/// Reads like a blocking echo, and never blocks.
async fn echo(source: Rc<Source>, keep: usize) -> io::Result<()> {
    let mut buffer = vec![0; keep.min(64 * 1024)];
    loop {
        let received = source.read(&mut buffer).await?;
        if received == 0 {
            return Ok(());
        }
        source.write_all(&buffer[..received]).await?;
    }
}

struct Task {
    source: Rc<Source>,
    future: Pin<Box<dyn Future<Output = io::Result<()>>>>,
}

impl Task {
    fn new(stream: TcpStream, keep: usize) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let source = Rc::new(Source {
            stream,
            awaited: Cell::new(POLLIN),
        });
        let future = Box::pin(echo(Rc::clone(&source), keep));
        Ok(Task { source, future })
    }

    /// Goes on until it has to wait; tells whether it is over.
    fn is_over(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        self.future.as_mut().poll(&mut context).is_ready()
    }
}

/// Serves all clients at once.
pub fn serve(listener: &TcpListener, keep: usize) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut tasks: Vec<Task> = Vec::new();
    loop {
        let mut fds = vec![PollFd::new(listener, POLLIN)];
        let sources = tasks.iter().map(|task| &*task.source);
        fds.extend(sources.map(|source| PollFd::new(&source.stream, source.awaited.get())));
        match poll(&mut fds, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        };
        let mut ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        let knocked = ready.remove(0);
        let mut ready = ready.into_iter();
        tasks.retain_mut(|task| !ready.next().unwrap_or(false) || !task.is_over());
        if knocked && let Ok((stream, _)) = listener.accept() {
            tasks.extend(Task::new(stream, keep));
        }
    }
}
