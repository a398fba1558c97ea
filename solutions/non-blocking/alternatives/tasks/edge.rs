//! An echo in the style of async on mio: tasks that are awake stand in a queue.

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest, Token};

/// How many bytes a task may pass on before the others have their turn.
const TURN: usize = 32 * 1024;

/// Lets the others have their turn.
async fn yield_now(again: &Cell<bool>) {
    again.set(true);
    poll_fn(|_| {
        if again.get() {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

async fn ready<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    poll_fn(|_| match call() {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
        outcome => Poll::Ready(outcome),
    })
    .await
}

async fn echo(mut stream: TcpStream, keep: usize, again: Rc<Cell<bool>>) -> io::Result<()> {
    let mut buffer = vec![0; keep.min(8 * 1024)];
    let mut passed = 0;
    loop {
        let received = ready(|| stream.read(&mut buffer)).await?;
        if received == 0 {
            return Ok(());
        }
        let mut bytes = &buffer[..received];
        while !bytes.is_empty() {
            let taken = ready(|| stream.write(bytes)).await?;
            bytes = &bytes[taken..];
        }
        passed += received;
        if passed >= TURN {
            passed = 0;
            yield_now(&again).await;
        }
    }
}

struct Task {
    future: Pin<Box<dyn Future<Output = io::Result<()>>>>,
    /// Whether it is to go on without an event.
    again: Rc<Cell<bool>>,
}

async fn accept_all(
    listener: &mio::net::TcpListener,
    registry: &mio::Registry,
    keep: usize,
    arrived: &Cell<Vec<(Token, Task)>>,
) {
    for number in 1.. {
        let Ok((mut stream, _)) = ready(|| listener.accept()).await else {
            continue;
        };
        let token = Token(number);
        let both = Interest::READABLE | Interest::WRITABLE;
        if registry.register(&mut stream, token, both).is_ok() {
            let again = Rc::new(Cell::new(false));
            let future = Box::pin(echo(stream, keep, Rc::clone(&again)));
            let mut others = arrived.take();
            others.push((token, Task { future, again }));
            arrived.set(others);
        }
    }
}

/// Serves all clients at once.
pub fn serve(listener: TcpListener, keep: usize) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut poll = mio::Poll::new()?;
    let registry = poll.registry().try_clone()?;
    registry.register(&mut listener, Token(0), Interest::READABLE)?;
    let arrived = Cell::new(Vec::new());
    let mut door = Box::pin(accept_all(&listener, &registry, keep, &arrived));
    let mut context = Context::from_waker(Waker::noop());
    let mut tasks: BTreeMap<Token, Task> = BTreeMap::new();
    let mut queue: VecDeque<Token> = VecDeque::new();
    let mut events = Events::with_capacity(1024);
    loop {
        let timeout = (!queue.is_empty()).then_some(Duration::ZERO);
        match poll.poll(&mut events, timeout) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        }
        for event in &events {
            if event.token() == Token(0) {
                let _ = door.as_mut().poll(&mut context);
                for (token, task) in arrived.take() {
                    queue.push_back(token);
                    tasks.insert(token, task);
                }
            } else if !queue.contains(&event.token()) {
                queue.push_back(event.token());
            }
        }
        for token in std::mem::take(&mut queue) {
            let Some(task) = tasks.get_mut(&token) else {
                continue;
            };
            task.again.set(false);
            if task.future.as_mut().poll(&mut context).is_ready() {
                tasks.remove(&token);
            } else if task.again.get() {
                queue.push_back(token);
            }
        }
    }
}
