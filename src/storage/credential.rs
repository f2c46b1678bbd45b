//! Tokens for storage from Entra ID, without a key anywhere.
//!
//! In Azure they come from the identity endpoint of App Service (contract of 2019-08-01), on an operator's machine from
//! the Azure CLI. The SDK's own credential cannot name a user-assigned identity, which is the kind that our deployment
//! uses.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::auth::{AccessToken, TokenCredential};
use azure_core::error::{Error, ErrorKind};
use serde::Deserialize;
use time::OffsetDateTime;
use tokio::sync::{Mutex, RwLock};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::account::IdentityEndpoint;

/// Whom the token is for.
const RESOURCE: &str = "https://storage.azure.com/";

/// How long before its end a token is replaced.
const RENEW_BEFORE: Duration = Duration::from_secs(300);

/// Until how long before its end a token is used while the next one is fetched.
const LAST_USE: Duration = Duration::from_secs(10);

/// How long the identity endpoint may take: a first token takes up to some seconds.
const ENDPOINT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the Azure CLI may take. It starts a Python program.
const CLI_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct EntraCredential {
    source: Arc<Source>,
    cached: Arc<RwLock<Option<AccessToken>>>,
    /// Held while a token is fetched: a burst of calls asks once.
    fetching: Arc<Mutex<()>>,
}

#[derive(Debug)]
enum Source {
    Endpoint { endpoint: IdentityEndpoint, client_id: Option<String>, client: reqwest::Client },
    AzureCli,
}

impl EntraCredential {
    pub(super) fn new(client_id: Option<String>, endpoint: Option<IdentityEndpoint>) -> azure_core::Result<Self> {
        let source = match endpoint {
            None => Source::AzureCli,
            Some(endpoint) => {
                let client = reqwest::Client::builder().timeout(ENDPOINT_TIMEOUT).no_proxy().build();
                Source::Endpoint { endpoint, client_id, client: client.map_err(|_| no_token("no HTTP client"))? }
            }
        };
        Ok(Self { source: Arc::new(source), cached: Arc::default(), fetching: Arc::default() })
    }

    /// Fetches a token in a task of its own: a caller that gives up does not break it off, and the next one finds it.
    /// One that another has fetched in place of the token `seen` is as good.
    fn fetch(&self, seen: Option<OffsetDateTime>) -> JoinHandle<azure_core::Result<AccessToken>> {
        let (source, cached, fetching) =
            (Arc::clone(&self.source), Arc::clone(&self.cached), Arc::clone(&self.fetching));
        tokio::spawn(async move {
            let _turn = fetching.lock().await;
            if let Some(token) = cached.read().await.clone().filter(|token| Some(token.expires_on) != seen) {
                return Ok(token);
            }
            let token = source.token().await?;
            *cached.write().await = Some(token.clone());
            Ok(token)
        })
    }
}

impl Source {
    async fn token(&self) -> azure_core::Result<AccessToken> {
        match self {
            Self::Endpoint { endpoint, client_id, client } => {
                let mut query = vec![("resource", RESOURCE), ("api-version", "2019-08-01")];
                query.extend(client_id.as_deref().map(|id| ("client_id", id)));
                let answer = client
                    .get(&endpoint.url)
                    .query(&query)
                    .header("X-IDENTITY-HEADER", endpoint.header.expose())
                    .send()
                    .await
                    .and_then(reqwest::Response::error_for_status)
                    .map_err(|_| no_token("the identity endpoint refuses; is the identity assigned to the app?"))?;
                let body = answer.bytes().await.map_err(|_| no_token("the identity endpoint broke off"))?;
                read_token(&body)
            }
            Self::AzureCli => {
                // Only an operator's machine comes here, so a blocking thread for the time of one command is fine.
                let run = || {
                    Command::new("az")
                        .args(["account", "get-access-token", "--resource", RESOURCE, "--output", "json"])
                        .output()
                };
                let output = timeout(CLI_TIMEOUT, tokio::task::spawn_blocking(run)).await;
                match output.ok().and_then(Result::ok).and_then(Result::ok) {
                    Some(output) if output.status.success() => read_token(&output.stdout),
                    Some(_) => Err(no_token("the Azure CLI is not signed in: run `az login`")),
                    None => Err(no_token("there is no managed identity here and no Azure CLI")),
                }
            }
        }
    }
}

#[async_trait]
impl TokenCredential for EntraCredential {
    async fn get_token(&self, _scopes: &[&str]) -> azure_core::Result<AccessToken> {
        let cached = self.cached.read().await.clone();
        let seen = cached.as_ref().map(|token| token.expires_on);
        match cached.filter(|token| token.expires_on > OffsetDateTime::now_utc() + LAST_USE) {
            Some(token) if !is_ending(&token) => Ok(token),
            // It still works: nobody waits for the next one.
            Some(token) => {
                if self.fetching.try_lock().is_ok() {
                    self.fetch(seen);
                }
                Ok(token)
            }
            None => self.fetch(seen).await.unwrap_or_else(|_| Err(no_token("the look-up ended"))),
        }
    }

    async fn clear_cache(&self) -> azure_core::Result<()> {
        *self.cached.write().await = None;
        Ok(())
    }
}

fn is_ending(token: &AccessToken) -> bool {
    token.expires_on <= OffsetDateTime::now_utc() + RENEW_BEFORE
}

/// Reads both answers: `{"access_token","expires_on":"<unix seconds>"}` of the endpoint and
/// `{"accessToken","expires_on":<unix seconds>}` of the CLI.
fn read_token(json: &[u8]) -> azure_core::Result<AccessToken> {
    #[derive(Deserialize)]
    struct Wire {
        #[serde(alias = "accessToken")]
        access_token: String,
        expires_on: Seconds,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(i64),
        Text(String),
    }
    let wire: Wire = serde_json::from_slice(json).map_err(|_| no_token("the answer holds no token"))?;
    let seconds = match wire.expires_on {
        Seconds::Number(seconds) => Some(seconds),
        Seconds::Text(text) => text.parse().ok(),
    };
    let expires_on = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    Ok(AccessToken::new(wire.access_token, expires_on.ok_or_else(|| no_token("the token has no end"))?))
}

fn no_token(why: &'static str) -> Error {
    Error::message(ErrorKind::Credential, why)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn both_answers() {
        let endpoint = br#"{"access_token":"t1","expires_on":"1764000000","resource":"x","token_type":"Bearer"}"#;
        let cli = br#"{"accessToken":"t2","expiresOn":"2025-11-24 16:00:00.000000","expires_on":1764000000}"#;
        for (json, token) in [(&endpoint[..], "t1"), (&cli[..], "t2")] {
            let read = read_token(json).unwrap();
            assert_eq!((read.token.secret(), read.expires_on.unix_timestamp()), (token, 1_764_000_000));
        }
        assert!(read_token(b"{}").is_err() && read_token(br#"{"access_token":"t","expires_on":"soon"}"#).is_err());
    }

    /// A real endpoint on a real socket, which answers each request with a new token that ends in `lifetimes` seconds.
    fn endpoint(lifetimes: Vec<i64>) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/msi/token", listener.local_addr().unwrap());
        let serve = move || {
            let mut requests = Vec::new();
            for (n, lifetime) in lifetimes.into_iter().enumerate() {
                let (mut stream, _) = listener.accept().unwrap();
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).unwrap();
                requests.push(String::from_utf8_lossy(&buffer[..read]).into_owned());
                let ends = OffsetDateTime::now_utc().unix_timestamp() + lifetime;
                let body = format!(r#"{{"access_token":"token {n}","expires_on":"{ends}"}}"#);
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                stream.write_all((head + &body).as_bytes()).unwrap();
            }
            requests
        };
        (url, std::thread::spawn(serve))
    }

    #[tokio::test]
    async fn a_token_is_asked_for_once_and_again_shortly_before_its_end() {
        let (url, server) = endpoint(vec![200, 3600]);
        let identity = IdentityEndpoint { url, header: "proof".into() };
        let credential = EntraCredential::new(Some("client 1".to_owned()), Some(identity)).unwrap();
        let token = async || credential.get_token(&[]).await.unwrap().token.secret().to_owned();
        // A burst asks once. This token ends soon, so the next one is fetched while it is still used.
        let (one, two) = tokio::join!(token(), token());
        assert_eq!((one.as_str(), two.as_str()), ("token 0", "token 0"));
        let mut last = token().await;
        while last == "token 0" {
            tokio::time::sleep(Duration::from_millis(5)).await;
            last = token().await;
        }
        assert_eq!((last.as_str(), token().await.as_str()), ("token 1", "token 1"));
        let requests = server.join().unwrap();
        assert!(
            requests[0]
                .contains("resource=https%3A%2F%2Fstorage.azure.com%2F&api-version=2019-08-01&client_id=client+1")
        );
        assert!(requests[0].to_lowercase().contains("x-identity-header: proof"));
        assert!(!format!("{credential:?}").contains("proof"), "{credential:?}");
    }

    #[tokio::test]
    async fn a_token_that_still_works_outlives_an_endpoint_that_does_not() {
        let (url, server) = endpoint(vec![200]);
        let credential = EntraCredential::new(None, Some(IdentityEndpoint { url, header: "proof".into() })).unwrap();
        assert_eq!(credential.get_token(&[]).await.unwrap().token.secret(), "token 0");
        server.join().unwrap();
        assert_eq!(credential.get_token(&[]).await.unwrap().token.secret(), "token 0");
    }
}
