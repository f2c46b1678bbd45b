//! The host's own way to the queues: the storage account of the app setting that a function's `connection` names.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use azure_core::{
    FixedRetryOptions, HttpClient, Request, Response, RetryOptions, StatusCode, TransportOptions, headers::SERVER,
};
use azure_storage::{CloudLocation, ConnectionString, StorageCredentials};
use azure_storage_queues::{QueueServiceClient, QueueServiceClientBuilder};

/// How long one request to the storage account may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a request that failed is repeated, 200 ms apart.
const RETRIES: u32 = 3;
/// Where `UseDevelopmentStorage=true` means the queues to be.
const DEVELOPMENT_PORT: u16 = 10_001;

/// The queues of the account that the setting `connection` names. A connection string must say where its queues are:
/// this host is not meant for an account in Azure.
pub(super) fn queues(settings: &BTreeMap<String, String>, connection: &str) -> Result<QueueServiceClient, String> {
    let text = settings.get(connection).ok_or_else(|| format!("the app setting {connection} is missing"))?;
    let wrong = |problem: &str| format!("the app setting {connection} is no connection string for here: {problem}");
    // The library's own error would quote the string, and with it the key.
    let parsed = ConnectionString::new(text).map_err(|_| wrong("it cannot be read"))?;
    let (location, credentials) = if parsed.use_development_storage == Some(true) {
        let location = CloudLocation::Emulator { address: "127.0.0.1".to_owned(), port: DEVELOPMENT_PORT };
        (location, StorageCredentials::emulator())
    } else {
        let account = parsed.account_name.ok_or_else(|| wrong("AccountName is missing"))?.to_owned();
        let key = parsed.account_key.ok_or_else(|| wrong("AccountKey is missing"))?.to_owned();
        let uri = parsed.queue_endpoint.ok_or_else(|| wrong("QueueEndpoint is missing"))?;
        let location = CloudLocation::Custom { account: account.clone(), uri: uri.trim_end_matches('/').to_owned() };
        (location, StorageCredentials::access_key(account, key))
    };
    let client = reqwest::Client::builder().no_proxy().timeout(REQUEST_TIMEOUT).build();
    let client = client.map_err(|error| error.to_string())?;
    Ok(QueueServiceClientBuilder::with_location(location, credentials)
        .transport(TransportOptions::new(Arc::new(Transport(client))))
        .retry(RetryOptions::fixed(FixedRetryOptions::default().max_retries(RETRIES)))
        .build())
}

/// The status of a refused request; `None` if there was no answer.
pub(super) fn status(error: &azure_core::Error) -> Option<StatusCode> {
    error.as_http_error().map(azure_core::error::HttpError::status)
}

/// Supplies the `Server` header where the account's answer has none: the library refuses such an answer, the real host
/// does not.
#[derive(Debug)]
struct Transport(reqwest::Client);

#[async_trait]
impl HttpClient for Transport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<Response> {
        let (status, mut headers, body) = self.0.execute_request(request).await?.deconstruct();
        if headers.get_optional_str(&SERVER).is_none() {
            headers.insert(SERVER, "unnamed");
        }
        Ok(Response::new(status, headers, Box::pin(body)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_string_must_say_where_its_queues_are() {
        const KEY: &str = "AccountName=a;AccountKey=c2VjcmV0;";
        for (text, expected) in [
            ("UseDevelopmentStorage=true", Ok("http://127.0.0.1:10001/devstoreaccount1")),
            (&format!("{KEY}QueueEndpoint=http://127.0.0.1:7/a/"), Ok("http://127.0.0.1:7/a")),
            (KEY, Err("QueueEndpoint is missing")),
            ("AccountKey=c2VjcmV0;QueueEndpoint=http://127.0.0.1:7/a", Err("AccountName is missing")),
            ("AccountName=a;QueueEndpoint=http://127.0.0.1:7/a", Err("AccountKey is missing")),
            ("hello", Err("it cannot be read")),
        ] {
            let settings = BTreeMap::from([("Storage".to_owned(), text.to_owned())]);
            match (queues(&settings, "Storage"), expected) {
                (Ok(client), Ok(url)) => assert_eq!(client.url().unwrap().as_str(), url),
                (Err(problem), Err(part)) => {
                    assert!(problem.ends_with(part), "{problem}");
                    assert!(!problem.contains("c2VjcmV0"), "{problem}");
                }
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
        assert!(queues(&BTreeMap::new(), "Storage").unwrap_err().contains("Storage is missing"));
    }
}
