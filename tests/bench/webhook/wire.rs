//! HTTP/1.1 on a connection that stays open, reduced to what both ends of this benchmark need: one request, one answer,
//! each with its length. What generates load and what stands in for the queue have to cost little, because they share
//! one core.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One end of a connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    pub(crate) async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.stream.write_all(message).await
    }

    /// The next message, as its head and its body; `None` if the other end has closed the connection.
    pub(crate) async fn receive(&mut self) -> io::Result<Option<(&str, &[u8])>> {
        self.buffer.clear();
        let (head, end) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                let clean = self.buffer.is_empty();
                return if clean { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
            let Some(head) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
            let end = head + 4 + body_length(&self.buffer[..head])?;
            if self.buffer.len() >= end {
                break (head, end);
            }
        };
        let (head, body) = (&self.buffer[..head], &self.buffer[head + 4..end]);
        Ok(Some((str::from_utf8(head).map_err(io::Error::other)?, body)))
    }
}

/// The Content-Length. Without one the end of a message could not be found, so that is an error.
fn body_length(head: &[u8]) -> io::Result<usize> {
    let head = str::from_utf8(head).map_err(io::Error::other)?;
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, length)| length.trim().parse().ok());
    length.ok_or_else(|| io::Error::other("a message without Content-Length"))
}
