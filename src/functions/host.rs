//! The Functions host's protocol for a queue function: its invocation, and the answer it understands.
//!
//! Facts from the host's source (`MessageExtensions`, `DefaultHttpWorkerService`): the queue text arrives as a JSON
//! string that holds a JSON-encoded string; an answer without a body leaves the invocation hanging until the function
//! times out and the handler is killed; a status that is no success means "failed, try again".

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::domain::job::{InvalidJob, Job};

/// The name of the queue trigger's binding in `consent-worker/function.json`.
pub const JOB_BINDING: &str = "job";

/// How many layers of encoding are taken off the queue text: JSON, JSON again, base64, and one to spare.
const MAX_LAYERS: u32 = 4;

/// Why an invocation cannot be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidInvocation {
    /// The body is no JSON object with `Data.job` in it.
    NotAnInvocation,
    /// The queue text is no job.
    Job(InvalidJob),
}

impl InvalidInvocation {
    /// The word for the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAnInvocation => "not_an_invocation",
            Self::Job(invalid) => invalid.as_str(),
        }
    }
}

/// What a request from the internet carries and an invocation of a queue function does not: the first three are added
/// by every reverse proxy, Azure's front end among them, the last one by the host's own.
const FROM_OUTSIDE: [&str; 4] = ["x-forwarded-for", "x-forwarded-host", "forwarded", "x-ms-invocation-id"];

/// Whether a request came in through an HTTP function. The host keeps the two apart by their paths; this holds if a
/// route were ever written so that it did not.
pub fn is_from_outside(headers: &HeaderMap) -> bool {
    FROM_OUTSIDE.iter().any(|name| headers.contains_key(*name))
}

/// Reads the job out of an invocation, however often the host has encoded it. Nothing is read from the invocation's
/// metadata: the host lets the queue text write into it.
pub fn job(body: &[u8]) -> Result<Job, InvalidInvocation> {
    let invocation: Value = serde_json::from_slice(body).map_err(|_| InvalidInvocation::NotAnInvocation)?;
    let data = invocation.get("Data").and_then(|data| data.get(JOB_BINDING));
    unwrap(data.ok_or(InvalidInvocation::NotAnInvocation)?, MAX_LAYERS).map_err(InvalidInvocation::Job)
}

fn unwrap(value: &Value, layers: u32) -> Result<Job, InvalidJob> {
    let Value::String(text) = value else { return Job::decode(&value.to_string()) };
    let Some(layers) = layers.checked_sub(1) else { return Err(InvalidJob::Malformed) };
    if let Ok(inner) = serde_json::from_str::<Value>(text) {
        return unwrap(&inner, layers);
    }
    let decoded = BASE64_STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    unwrap(&Value::String(decoded.ok_or(InvalidJob::Malformed)?), layers)
}

/// What the host is to do with the queue entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Delete it. The sentence goes to the function's own log, so it must hold no patient data.
    Done(String),
    /// Give it again after the visibility timeout, up to the limit of attempts.
    TryAgain,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let (status, logs) = match self {
            Self::Done(sentence) => (StatusCode::OK, vec![sentence]),
            Self::TryAgain => (StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
        };
        let body = json!({ "Outputs": {}, "Logs": logs, "ReturnValue": null }).to_string();
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const JOB: &str = r#"[1,{"item":{"change":"created","received_at":"2025-12-08T14:30:02Z","body_sha256":"00","item_id":"ti_1","conversation_id":"t_1","direction":"inbound","text":"Yes \"I\" do","created_at":"2025-12-08T14:30:02Z"}}]"#;

    fn invocation(data: &Value) -> Vec<u8> {
        json!({ "Data": { "job": data }, "Metadata": { "DequeueCount": "1", "Id": "\"x\"" } }).to_string().into_bytes()
    }

    #[test]
    fn every_encoding_of_the_queue_text() {
        let expected = Job::decode(JOB).unwrap();
        let once = Value::String(JOB.to_owned());
        let twice = Value::String(once.to_string());
        let base64 = Value::String(BASE64_STANDARD.encode(JOB));
        let quoted_base64 = Value::String(base64.to_string());
        let bare: Value = serde_json::from_str(JOB).unwrap();
        for (name, data) in
            [("once", once), ("twice", twice), ("base64", base64), ("quoted", quoted_base64), ("bare", bare)]
        {
            assert_eq!(job(&invocation(&data)).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_taken_up() {
        for body in [&b""[..], b"{}", b"[]", b"null", b"\"x\"", br#"{"Data":{}}"#, br#"{"Data":7}"#, b"\xFF"] {
            assert_eq!(job(body), Err(InvalidInvocation::NotAnInvocation));
        }
        let nested = (0..9).fold(Value::String(JOB.to_owned()), |value, _| Value::String(value.to_string()));
        for data in [json!(null), json!(7), json!({}), json!("nonsense"), json!("{}"), json!("bm9uc2Vuc2U="), nested] {
            assert_eq!(job(&invocation(&data)), Err(InvalidInvocation::Job(InvalidJob::Malformed)), "{data}");
        }
        let later = json!("[7,{\"something\":1}]");
        assert_eq!(job(&invocation(&later)), Err(InvalidInvocation::Job(InvalidJob::UnknownVersion)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>, text in "\\PC*") {
            let _ = job(&body);
            let _ = job(&invocation(&Value::String(text)));
        }
    }
}
