//! The one call that every event waits for, without the SDK in between: a job is put on the queue.
//!
//! Through the SDK this call took nearly half of all the webhook's instructions (README, "How fast"): it keeps requests
//! and answers in maps of strings, and parses an answer of which nothing but the status matters. The client is hyper's
//! own, the one inside reqwest: reqwest parses the URL three times for each request, and looks for redirects that
//! storage never gives. All other calls are the SDK's. The wire is *Put Message* and *Authorize with Shared Key* in the
//! REST reference of Azure Storage.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use azure_core::auth::TokenCredential;
use azure_core::error::ErrorKind;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, Mac};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue, InvalidHeaderValue};
use hyper::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use reqwest::Url;
use sha2::Sha256;
use tokio::time::{Instant, timeout, timeout_at};
use tower_service::Service;

use super::account::{Access, Account};
use super::credential::EntraCredential;
use super::error::{Cause, StorageError};
use super::transport::{ATTEMPT_TIMEOUT, CONNECT_TIMEOUT, IDLE_TIMEOUT, MAX_RETRIES, retry_pause};

/// The version of the protocol: the one that the SDK speaks.
const VERSION: &str = "2022-11-02";

/// After how long without a byte the other side of a connection is asked whether it is still there.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// What stands around an entry's text.
const ENTRY: [&str; 2] = ["<QueueMessage><MessageText>", "</MessageText></QueueMessage>"];

/// Where entries are put.
pub(super) struct Direct {
    client: Client<Connector, Full<Bytes>>,
    /// The queue's entries, with the time to live and, if there is one, the shared access signature.
    uri: Uri,
    authorization: Authorization,
}

/// How a request shows that it may.
enum Authorization {
    SharedKey {
        account: String,
        /// HMAC with the account's key, before the first byte.
        mac: Hmac<Sha256>,
        /// What is asked for, as it is signed.
        resource: String,
    },
    InUrl,
    Token(EntraCredential),
}

impl Direct {
    /// Prepares for a queue of an account. Makes no call.
    pub(super) fn new(account: &Account, queue: &str, time_to_live: Duration) -> azure_core::Result<Self> {
        let seconds = time_to_live.as_secs();
        let query = format!("messagettl={seconds}");
        let mut url = Url::parse(&format!("{}/{queue}/messages?{query}", account.queue_url))?;
        let authorization = match &account.access {
            Access::Key(key) => Authorization::SharedKey {
                account: account.name.clone(),
                mac: mac(&BASE64_STANDARD.decode(key.expose()).unwrap_or_default()),
                resource: format!("/{}{}\nmessagettl:{seconds}", account.name, url.path()),
            },
            Access::Signature(signature) => {
                let signature = signature.expose().trim_start_matches('?');
                url.set_query(Some(&format!("{query}&{signature}")));
                Authorization::InUrl
            }
            Access::Entra { client_id, endpoint } => {
                Authorization::Token(EntraCredential::new(client_id.clone(), endpoint.clone())?)
            }
        };
        let uri = url.as_str().parse().map_err(|error| azure_core::Error::new(ErrorKind::Other, error))?;
        Ok(Self { client: client(), uri, authorization })
    }

    /// Puts a text on the queue, base64, which is what the host expects by default (`messageEncoding` in host.json).
    /// What the SDK tries again is tried again here.
    pub(super) async fn put(&self, text: &str) -> Result<(), StorageError> {
        let [before, after] = ENTRY;
        let mut entry = String::with_capacity(before.len() + text.len().div_ceil(3) * 4 + after.len());
        entry.push_str(before);
        BASE64_STANDARD.encode_string(text, &mut entry);
        entry.push_str(after);
        let entry = Bytes::from(entry);
        let mut retry = 0;
        loop {
            match self.attempt(entry.clone()).await {
                Ok(()) => return Ok(()),
                Err(cause) if retry == MAX_RETRIES || !may_pass(&cause) => {
                    return Err(StorageError { operation: "put a job on the queue", cause });
                }
                Err(_) => {}
            }
            retry += 1;
            tokio::time::sleep(retry_pause(retry)).await;
        }
    }

    async fn attempt(&self, entry: Bytes) -> Result<(), Cause> {
        let (date, authorization) = self.authorize(entry.len()).await?;
        let mut request = Request::post(self.uri.clone())
            .header(HeaderName::from_static("x-ms-version"), HeaderValue::from_static(VERSION))
            .header(HeaderName::from_static("x-ms-date"), date);
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Full::new(entry)).map_err(|_| Cause::Other)?;

        let deadline = Instant::now() + ATTEMPT_TIMEOUT;
        let answer = timeout_at(deadline, self.client.request(request)).await.map_err(|_| Cause::TimedOut)?;
        let answer = answer.map_err(|_| Cause::NoConnection)?;
        let status = answer.status();
        if !status.is_success() {
            let code = answer.headers().get("x-ms-error-code").and_then(|code| code.to_str().ok());
            return Err(Cause::of_status(status.as_u16(), code));
        }
        // The entry is safe; the rest is read so that the connection can be used again.
        let mut rest = answer.into_body();
        let _ = timeout_at(deadline, async { while let Some(Ok(_)) = rest.frame().await {} }).await;
        Ok(())
    }

    /// The date of a request for an entry of this length, and what shows that it may.
    async fn authorize(&self, length: usize) -> Result<(HeaderValue, Option<HeaderValue>), Cause> {
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&Timestamp::now()).unwrap_or_default();
        let authorization = match &self.authorization {
            Authorization::SharedKey { account, mac, resource } => {
                // Between length and headers stand eight headers that the request does not have.
                let signed =
                    format!("POST\n\n\n{length}\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:{VERSION}\n{resource}");
                let mac = mac.clone().chain_update(signed).finalize().into_bytes();
                Some(format!("SharedKey {account}:{}", BASE64_STANDARD.encode(mac)))
            }
            Authorization::InUrl => None,
            Authorization::Token(credential) => {
                let token = credential.get_token(&[]).await.map_err(|error| Cause::of(&error))?;
                Some(format!("Bearer {}", token.token.secret()))
            }
        };
        let value = |text: String| HeaderValue::try_from(text).map_err(|_: InvalidHeaderValue| Cause::Other);
        let mut authorization = authorization.map(value).transpose()?;
        if let Some(secret) = &mut authorization {
            secret.set_sensitive(true);
        }
        Ok((value(date)?, authorization))
    }
}

/// The client, with the limits of all calls to storage.
fn client() -> Client<Connector, Full<Bytes>> {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_keepalive_interval(Some(KEEPALIVE));
    // Else it takes nothing but http, and https is the business of the layer above.
    tcp.enforce_http(false);
    // Azurite has no TLS; what the URL says is the account's to choose.
    let tls = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().wrap_connector(tcp);
    let mut client = Client::builder(TokioExecutor::new());
    client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_TIMEOUT).build(Connector(tls))
}

/// Opens connections, each within [`CONNECT_TIMEOUT`].
#[derive(Clone)]
struct Connector(HttpsConnector<HttpConnector>);

impl Service<Uri> for Connector {
    type Response = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.0.call(to);
        Box::pin(async { timeout(CONNECT_TIMEOUT, connecting).await? })
    }
}

/// Without the URL, which may hold a signature.
impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").finish_non_exhaustive()
    }
}

fn mac(key: &[u8]) -> Hmac<Sha256> {
    match Hmac::new_from_slice(key) {
        Ok(mac) => mac,
        Err(hmac::digest::InvalidLength) => unreachable!("HMAC takes keys of any length (RFC 2104, section 3)"),
    }
}

/// Whether another attempt may fare better.
fn may_pass(cause: &Cause) -> bool {
    match cause {
        Cause::Status(status, _) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
        Cause::NoConnection | Cause::TimedOut | Cause::Other => true,
        Cause::NoToken | Cause::Unreadable(_) | Cause::Contended => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A service on a real socket, which gives these answers, a connection each, and tells what it was asked.
    fn service(answers: Vec<String>) -> (String, thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serve = move |answer: String| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut request = String::new();
            while !request.ends_with("\r\n\r\n") {
                reader.read_line(&mut request).unwrap();
            }
            let length = request.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
            reader.take(length.parse().unwrap()).read_to_string(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            request
        };
        (url, thread::spawn(move || answers.into_iter().map(serve).collect()))
    }

    /// As the service answers, without the header `Server`.
    fn answer(status: &str, header: &str, body: &str) -> String {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\n{header}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
    }

    fn stored() -> String {
        answer("201 Created", "", "<QueueMessagesList/>")
    }

    fn direct(settings: &[(&str, &str)]) -> Direct {
        let account = Account::from_settings(|name| {
            settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        });
        Direct::new(&account.unwrap(), "jobs", Duration::from_secs(60)).unwrap()
    }

    fn with_key(url: &str) -> Direct {
        let text = format!("AccountName=clinic;AccountKey=a2V5;QueueEndpoint={url}/clinic;TableEndpoint={url}/clinic");
        direct(&[("AzureWebJobsStorage", &text)])
    }

    /// What is signed is checked by Azurite in every test of the suite that sends an event; this is the rest.
    #[tokio::test]
    async fn with_a_key() {
        let (url, service) = service(vec![stored()]);
        assert_eq!(with_key(&url).put("[1]").await, Ok(()));
        let request = &service.join().unwrap()[0];
        assert!(request.starts_with("POST /clinic/jobs/messages?messagettl=60 HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("\r\nx-ms-version: 2022-11-02\r\n") && request.contains("\r\nx-ms-date: "),
            "{request}"
        );
        assert!(request.contains("\r\nauthorization: SharedKey clinic:"), "{request}");
        assert!(request.ends_with("\r\n\r\n<QueueMessage><MessageText>WzFd</MessageText></QueueMessage>"), "{request}");
    }

    #[tokio::test]
    async fn with_a_shared_access_signature() {
        for mark in ["", "?"] {
            let (url, service) = service(vec![stored()]);
            let text = format!(
                "QueueEndpoint={url};TableEndpoint={url};SharedAccessSignature={mark}sv=2022-11-02&sig=a%2Bb%3D"
            );
            let direct = direct(&[("AzureWebJobsStorage", &text)]);
            assert_eq!(direct.put("[1]").await, Ok(()));
            let request = &service.join().unwrap()[0];
            assert!(request.starts_with("POST /jobs/messages?messagettl=60&sv=2022-11-02&sig=a%2Bb%3D HTTP/1.1\r\n"));
            assert!(!request.contains("authorization"), "{request}");
            assert!(!format!("{direct:?}").contains("a%2Bb"), "{direct:?}");
        }
    }

    #[tokio::test]
    async fn with_a_token() {
        let token = answer("200 OK", "", r#"{"access_token":"secret","expires_on":"9999999999"}"#);
        let (identity, identities) = service(vec![token]);
        let (url, queue) = service(vec![stored(), stored()]);
        let direct = direct(&[
            ("AzureWebJobsStorage__queueServiceUri", &url),
            ("AzureWebJobsStorage__tableServiceUri", &url),
            ("IDENTITY_ENDPOINT", &identity),
            ("IDENTITY_HEADER", "proof"),
        ]);
        assert_eq!((direct.put("[1]").await, direct.put("[2]").await), (Ok(()), Ok(())));
        identities.join().unwrap();
        for request in queue.join().unwrap() {
            assert!(request.contains("\r\nauthorization: Bearer secret\r\n"), "{request}");
            assert!(request.contains("\r\nx-ms-version: 2022-11-02\r\n"), "{request}");
        }
    }

    #[tokio::test]
    async fn no_token_is_told_as_such() {
        let (identity, _) = service(vec![answer("403 Forbidden", "", "")]);
        let direct = direct(&[
            ("AzureWebJobsStorage__accountName", "clinic"),
            ("IDENTITY_ENDPOINT", &identity),
            ("IDENTITY_HEADER", "proof"),
        ]);
        assert_eq!(direct.put("[1]").await.unwrap_err().cause, Cause::NoToken);
    }

    /// A front end that takes the connection and no more: the handshake has the limit of the connection.
    #[tokio::test]
    async fn a_silent_handshake_is_no_connection() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let direct = with_key(&format!("https://{}", silent.local_addr().unwrap()));
        let started = Instant::now();
        let given_up = direct.attempt(Bytes::new()).await;
        assert_eq!(given_up, Err(Cause::NoConnection));
        assert!((CONNECT_TIMEOUT..ATTEMPT_TIMEOUT).contains(&started.elapsed()), "{:?}", started.elapsed());
    }

    /// As often as the SDK, and for the same reasons.
    #[tokio::test]
    async fn what_may_pass_is_tried_again() {
        let busy = || answer("503 Service Unavailable", "x-ms-error-code: ServerBusy\r\n", "");
        let (url, requests) = service(vec![busy(), String::new(), stored()]);
        assert_eq!(with_key(&url).put("[1]").await, Ok(()));
        assert_eq!(requests.join().unwrap().len(), 3);

        let (url, _) = service(vec![busy(), busy(), busy(), stored()]);
        let given_up = with_key(&url).put("[1]").await.unwrap_err();
        assert_eq!(given_up.cause, Cause::Status(503, "ServerBusy".to_owned()));

        let (url, _) = service(vec![answer("404 Not Found", "x-ms-error-code: QueueNotFound\r\n", ""), stored()]);
        let missing = with_key(&url).put("[1]").await.unwrap_err();
        assert_eq!(missing.cause, Cause::Status(404, "QueueNotFound".to_owned()));

        let nobody = with_key("http://127.0.0.1:1").put("[1]").await.unwrap_err();
        assert_eq!(nobody.cause, Cause::NoConnection);
    }
}
