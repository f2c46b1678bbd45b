//! Stands in for the queue: answers each POST at once as Azure Queue Storage does, after all of it has arrived, and
//! counts.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use tokio::net::{TcpListener, TcpStream};

use crate::wire::Connection;

/// The body of its answer.
pub(crate) const STORED: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList><QueueMessage>\
    <MessageId>6cdcd8a1-56c5-4c2a-9d8f-6bd5a8d0c2a1</MessageId>\
    <InsertionTime>Mon, 08 Dec 2025 14:30:00 GMT</InsertionTime>\
    <ExpirationTime>Thu, 06 Dec 2035 14:30:00 GMT</ExpirationTime>\
    <PopReceipt>AgAAAAMAAAAAAAAAAAAAAAAAAAA=</PopReceipt>\
    <TimeNextVisible>Mon, 08 Dec 2025 14:30:00 GMT</TimeNextVisible></QueueMessage></QueueMessagesList>";

/// The stand-in, for the rest of the process.
pub(crate) struct Queue {
    pub(crate) address: SocketAddr,
    taken: Arc<Taken>,
}

#[derive(Default)]
struct Taken {
    entries: AtomicU64,
    last: Mutex<Vec<u8>>,
}

impl Queue {
    /// Starts it on a thread of its own.
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let queue = Self { address: listener.local_addr()?, taken: Arc::default() };
        let taken = Arc::clone(&queue.taken);
        thread::spawn(move || {
            runtime.block_on(async {
                while let Ok((stream, _)) = listener.accept().await {
                    // A server under test that breaks a connection off shows on the load's side.
                    tokio::spawn(serve(stream, Arc::clone(&taken)));
                }
            });
        });
        Ok(queue)
    }

    /// How many entries it has taken.
    pub(crate) fn entries(&self) -> u64 {
        self.taken.entries.load(Ordering::SeqCst)
    }

    /// The body of the entry that it took last.
    pub(crate) fn last(&self) -> String {
        String::from_utf8_lossy(&self.taken.last.lock().unwrap()).into_owned()
    }
}

async fn serve(stream: TcpStream, taken: Arc<Taken>) -> io::Result<()> {
    let answer = format!(
        "HTTP/1.1 201 Created\r\nContent-Type: application/xml\r\nServer: Windows-Azure-Queue/1.0\r\n\
         x-ms-request-id: 0b5b4a3e-7003-0012-3c5e-68e0a8000000\r\nx-ms-version: 2019-12-12\r\n\
         Date: Mon, 08 Dec 2025 14:30:00 GMT\r\nContent-Length: {}\r\n\r\n{STORED}",
        STORED.len()
    );
    let mut connection = Connection::new(stream)?;
    while let Some((_, body)) = connection.receive().await? {
        body.clone_into(&mut taken.last.lock().unwrap());
        taken.entries.fetch_add(1, Ordering::SeqCst);
        connection.send(answer.as_bytes()).await?;
    }
    Ok(())
}
