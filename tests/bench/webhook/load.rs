//! The load: events as Spruce sends them, each signed, over connections that stay open. Every answer is looked at.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use local::spruce::{Participant, Sender, Spruce, Wire};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::wire::Connection;

/// How many connections send at the same time, each its next event when it has the answer to the one before.
pub(crate) const CONNECTIONS: usize = 32;

/// How many different events each connection sends, over and over.
const EVENTS: usize = 16;

/// The endpoint's signing secret.
pub(crate) const SECRET: &str = "whsec_a_secret_of_the_usual_length_0123456789";

/// A patient's reply in a few sentences, so that the whole event has about 2 KB.
const REPLY: &str = "Yes, I consent to the appointment texts. I read the form on your website and my daughter went \
    through it with me as well. Please use this number and not the old one, and text me in the afternoon rather than \
    the morning if that is possible, since I work nights until the end of the month. For the lab results I would \
    still like somebody to call me, because I usually have questions. Thank you for explaining it all so patiently, \
    and see you on Thursday at a quarter past three for the follow-up.";

/// The requests of each connection, ready to be sent.
pub(crate) struct Load {
    requests: Vec<Arc<Vec<Vec<u8>>>>,
    /// The length of one event.
    pub(crate) event_bytes: usize,
}

/// How long each answer took, sorted.
pub(crate) struct Times(Vec<Duration>);

impl Load {
    /// Events from as many conversations as there are connections.
    pub(crate) async fn new() -> io::Result<Self> {
        let spruce = Spruce::start().await?;
        spruce.set_wire(Wire { embed_conversation: true, ..Wire::default() });
        let sender = Sender::new("", SECRET);
        let contact = spruce.add_contact("Ada Example", &["+12055550100"]);
        let mut event_bytes = 0;
        let mut requests = Vec::new();
        for _ in 0..CONNECTIONS {
            let conversation = spruce.add_conversation(&[Participant::saved(&contact)]);
            let mut of_connection = Vec::new();
            for _ in 0..EVENTS {
                let body = spruce.patient_writes(&conversation, REPLY, Timestamp::now()).to_string();
                event_bytes = body.len();
                of_connection.push(request(&body, &sender.sign(body.as_bytes())));
            }
            requests.push(Arc::new(of_connection));
        }
        Ok(Self { requests, event_bytes })
    }

    /// Sends for as long as `time`. An answer other than `status` with `body` is an error.
    pub(crate) async fn run(
        &self,
        to: SocketAddr,
        expected: (&'static str, &'static str),
        time: Duration,
    ) -> io::Result<Times> {
        let started = Instant::now();
        let mut connections = JoinSet::new();
        for requests in &self.requests {
            connections.spawn(send(to, Arc::clone(requests), expected, started + time));
        }
        let mut took = Vec::new();
        while let Some(times) = connections.join_next().await {
            took.extend(times??);
        }
        took.sort_unstable();
        Ok(Times(took))
    }
}

impl Times {
    pub(crate) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// The time within which this part of all answers came, in microseconds.
    pub(crate) fn percentile(&self, part: f64) -> f64 {
        let rank = (self.0.len() as f64 * part) as usize;
        self.0[rank].as_secs_f64() * 1e6
    }
}

async fn send(
    to: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    (status, body): (&str, &str),
    until: Instant,
) -> io::Result<Vec<Duration>> {
    let mut connection = Connection::new(TcpStream::connect(to).await?)?;
    let mut took = Vec::new();
    for request in requests.iter().cycle() {
        let started = Instant::now();
        if started >= until {
            break;
        }
        connection.send(request).await?;
        let Some((head, answer)) = connection.receive().await? else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        took.push(started.elapsed());
        if !head.starts_with(status) || answer != body.as_bytes() {
            return Err(io::Error::other(format!("{head}\n{}", String::from_utf8_lossy(answer))));
        }
    }
    Ok(took)
}

/// What the Functions host makes of Spruce's POST.
fn request(body: &str, signature: &str) -> Vec<u8> {
    format!(
        "POST /api/spruce-webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\
         Content-Type: application/json\r\nUser-Agent: Convoy/v26.7.0\r\nX-Spruce-Signature: {signature}\r\n\
         X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n\
         X-Azure-Functions-InvocationId: 7f3c9a52-6f0e-4a55-9b1e-0d2b5a6c8e11\r\n\
         X-Azure-Functions-HostVersion: 4.1052.200\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
