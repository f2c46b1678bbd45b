//! What can go wrong with a request on its way, on demand: at the stand-in for Spruce's API, and in a proxy before
//! anything else.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures::stream;

/// The most of an answer that is held to be cut in half: more than any answer has.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// How long the first half of an answer gets on its way before the connection closes.
const HALF_WAY: Duration = Duration::from_millis(20);

/// What happens to a request instead of, before or after its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fault {
    /// Nothing bad.
    #[default]
    None,
    /// An error answer with this status.
    Status(u16),
    /// Nothing for this time, and then the right answer. Who gives up meanwhile has not been served.
    Slow(Duration),
    /// The right answer, but this time after all was done. Who gives up meanwhile has been served.
    Late(Duration),
    /// 200, but a page of HTML, as gateways answer.
    Garbage,
    /// The right answer's head and the first half of its body; then the connection closes.
    HalfBody,
    /// The connection closes without a byte, and nothing was done.
    Nothing,
    /// All was done, but the connection closes without a byte.
    Unanswered,
    /// This share of the requests (0 to 1) meets the fault; which ones follows from the seed.
    Share(f64, Box<Fault>, u64),
}

impl Fault {
    /// Lets a request suffer this. `serve` does what was asked for, and `refuse` is the server's own way of answering
    /// a status.
    pub(crate) async fn befall(
        self,
        refuse: impl FnOnce(StatusCode) -> Response,
        serve: impl Future<Output = Response>,
    ) -> Response {
        match self {
            Self::None | Self::Share(..) => serve.await,
            Self::Status(status) => refuse(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)),
            Self::Slow(time) => {
                tokio::time::sleep(time).await;
                serve.await
            }
            Self::Late(time) => {
                let answer = serve.await;
                tokio::time::sleep(time).await;
                answer
            }
            Self::Garbage => ([(CONTENT_TYPE, "text/html")], "<html><body>It works!</body></html>").into_response(),
            Self::HalfBody => half(serve.await).await,
            Self::Nothing => no_answer(),
            Self::Unanswered => {
                drop(serve.await);
                no_answer()
            }
        }
    }
}

/// A fault with the generator that decides whom it meets.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    fault: Fault,
    generator: u64,
    met: usize,
}

impl Faults {
    pub(crate) fn new(fault: Fault) -> Self {
        let generator = if let Fault::Share(_, _, seed) = &fault { *seed } else { 0 };
        Self { fault, generator, met: 0 }
    }

    /// What happens to the next request: never a [`Fault::Share`].
    pub(crate) fn next(&mut self) -> Fault {
        let mut fault = self.fault.clone();
        while let Fault::Share(share, inner, _) = fault {
            fault = if self.draw() < share { *inner } else { Fault::None };
        }
        self.met += usize::from(fault != Fault::None);
        fault
    }

    /// How many requests have met the fault.
    pub(crate) const fn met(&self) -> usize {
        self.met
    }

    /// A number from 0 to 1: the upper half of a `SplitMix64` step, which is even enough to choose requests by.
    fn draw(&mut self) -> f64 {
        self.generator = self.generator.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.generator;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let [a, b, c, d, ..] = (mixed ^ (mixed >> 31)).to_be_bytes();
        f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX)
    }
}

async fn half(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, MAX_ANSWER).await.unwrap_or_default();
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let first = body.slice(..body.len() / 2);
    Response::from_parts(head, broken_after(vec![first]))
}

/// The head of an answer is sent together with the first bytes of its body. A body that breaks before the first byte
/// takes the head with it, and the server closes the connection.
fn no_answer() -> Response {
    Response::new(broken_after(Vec::new()))
}

/// A body that breaks after these pieces.
fn broken_after(pieces: Vec<Bytes>) -> Body {
    let has_pieces = !pieces.is_empty();
    let broken = async move {
        if has_pieces {
            tokio::time::sleep(HALF_WAY).await;
        }
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    };
    Body::from_stream(stream::StreamExt::chain(stream::iter(pieces.into_iter().map(Ok)), stream::once(broken)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_meets_about_that_share_and_the_same_requests_each_time() {
        let draw = |seed| {
            let mut faults = Faults::new(Fault::Share(0.25, Box::new(Fault::Nothing), seed));
            let drawn = (0..1000).map(|_| faults.next() == Fault::Nothing).collect::<Vec<_>>();
            assert_eq!(drawn.iter().filter(|met| **met).count(), faults.met());
            drawn
        };
        let met = draw(7).iter().filter(|met| **met).count();
        assert!((200..300).contains(&met), "{met}");
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn all_and_none_mean_all_and_none() {
        let met = |share| {
            let mut faults = Faults::new(Fault::Share(share, Box::new(Fault::Garbage), 1));
            (0..1000).filter(|_| faults.next() == Fault::Garbage).count()
        };
        assert_eq!((met(0.0), met(1.0)), (0, 1000));
    }
}
