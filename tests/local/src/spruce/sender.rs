//! Spruce's webhook sender: signs events and posts them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use super::endpoints::ATTEMPT_LIMIT;

/// How long Spruce waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The signature's header.
pub const SIGNATURE: &str = "X-Spruce-Signature";

/// Sends events to one endpoint, with its secret.
#[derive(Clone, Debug)]
pub struct Sender {
    url: String,
    secret: String,
    client: reqwest::Client,
}

/// What the receiver said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, in full.
    pub body: String,
}

impl Sender {
    /// A sender to `url`.
    pub fn new(url: &str, secret: &str) -> Self {
        Self { url: url.to_owned(), secret: secret.to_owned(), client: reqwest::Client::new() }
    }

    /// The value of the signature header for a body: base64 of HMAC-SHA256 with the secret's bytes as they are.
    pub fn sign(&self, body: &[u8]) -> String {
        sign(&self.secret, body)
    }

    /// Posts an event once, signed.
    pub async fn send(&self, event: &Value) -> reqwest::Result<Answer> {
        let body = event.to_string();
        let signature = self.sign(body.as_bytes());
        self.send_raw(body, &[(SIGNATURE, &signature)]).await
    }

    /// Posts an event with white space between its tokens. The signature is over the JSON without it, which is what
    /// the sender's code does with whatever bytes it was given.
    pub async fn send_spaced(&self, event: &Value) -> reqwest::Result<Answer> {
        let signature = self.sign(event.to_string().as_bytes());
        self.send_raw(format!("{event:#}\n"), &[(SIGNATURE, &signature)]).await
    }

    /// Posts any bytes with any headers beside the sender's own: no signature is added.
    pub async fn send_raw(&self, body: impl Into<Vec<u8>>, headers: &[(&str, &str)]) -> reqwest::Result<Answer> {
        let mut request = self
            .client
            .post(&self.url)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("User-Agent", "Convoy/v26.7.0")
            .body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await?;
        Ok(Answer { status: answer.status().as_u16(), body: answer.text().await? })
    }

    /// Posts an event until the answer is a 2xx, with `pause` in between (Spruce: 2 minutes). `Err` holds the last
    /// attempt's outcome when Spruce would give up.
    pub async fn deliver(&self, event: &Value, pause: Duration) -> Result<Answer, reqwest::Result<Answer>> {
        let mut attempt = 1;
        loop {
            match self.send(event).await {
                Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer),
                outcome if attempt == ATTEMPT_LIMIT => return Err(outcome),
                Ok(_) | Err(_) => tokio::time::sleep(pause).await,
            }
            attempt += 1;
        }
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of every length: the error is the type's, not this algorithm's.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    BASE64.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use axum::body::Bytes;
    use axum::http::{HeaderMap, StatusCode};
    use axum::routing::post;
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::*;

    /// What a receiver was sent: each body with its signature.
    type Received = Arc<Mutex<Vec<(Vec<u8>, String)>>>;

    /// A receiver that answers the first `failures` requests with 503.
    async fn receiver(failures: usize) -> (String, Received) {
        let received = Received::default();
        let kept = Arc::clone(&received);
        let count = Arc::new(AtomicUsize::new(0));
        let handler = move |headers: HeaderMap, body: Bytes| {
            let signature = headers[SIGNATURE].to_str().unwrap().to_owned();
            kept.lock().unwrap().push((body.to_vec(), signature));
            let is_failure = count.fetch_add(1, Ordering::Relaxed) < failures;
            async move { if is_failure { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK } }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(handler))).await.unwrap() });
        (url, received)
    }

    /// `printf '{"test":"ping"}' | openssl dgst -sha256 -hmac whsec_demo -binary | base64`
    #[test]
    fn the_signature_is_what_openssl_makes() {
        let sender = Sender::new("http://127.0.0.1:1", "whsec_demo");
        assert_eq!(sender.sign(br#"{"test":"ping"}"#), "Ha62OG54HqW7meG7ds+NAsVug7b74AGsC6fkr1gBAug=");
    }

    #[tokio::test]
    async fn white_space_is_sent_but_not_signed() {
        let (url, received) = receiver(0).await;
        let sender = Sender::new(&url, "secret");
        let event = json!({"object": "event", "text": "a b"});

        sender.send(&event).await.unwrap();
        sender.send_spaced(&event).await.unwrap();

        let received = received.lock().unwrap();
        let [(compact, signature), (spaced, same)] = received.as_slice() else { panic!("{}", received.len()) };
        assert_eq!(signature, &sender.sign(compact));
        assert_eq!(signature, same);
        assert!(spaced.len() > compact.len());
    }

    #[tokio::test]
    async fn delivery_goes_on_until_the_receiver_agrees_or_the_attempts_are_used_up() {
        let (url, received) = receiver(2).await;
        let sender = Sender::new(&url, "secret");
        assert_eq!(sender.deliver(&json!({}), Duration::ZERO).await.unwrap().status, 200);
        assert_eq!(received.lock().unwrap().len(), 3);

        let (url, received) = receiver(usize::MAX).await;
        let gave_up = Sender::new(&url, "secret").deliver(&json!({}), Duration::ZERO).await.unwrap_err();
        assert_eq!(gave_up.unwrap().status, 503);
        assert_eq!(received.lock().unwrap().len(), 11);
    }
}
