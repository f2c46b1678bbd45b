//! What can go wrong with storage, in words that are safe to log.

use std::error::Error;
use std::fmt;

/// A storage call that did not do what it should.
///
/// Holds no part of the request or the answer but the service's error code: the SDK's own error prints bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageError {
    /// What was tried, for example `insert into ConsentHistory`.
    pub operation: &'static str,
    /// Why it failed.
    pub cause: Cause,
}

/// Why a storage call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The service answered with this status, and its error code where it gave one.
    Status(u16, String),
    /// Nothing answers there.
    NoConnection,
    /// No answer in time.
    TimedOut,
    /// No token: the managed identity, or the Azure CLI's sign-in, does not work.
    NoToken,
    /// The answer is not what the service documents, or a row is not one that this program writes.
    Unreadable(&'static str),
    /// Others changed the same row again and again.
    Contended,
    /// Something else went wrong on the way.
    Other,
}

impl StorageError {
    pub(super) fn new(operation: &'static str, error: &azure_core::Error) -> Self {
        Self { operation, cause: Cause::of(error) }
    }

    pub(super) const fn unreadable(operation: &'static str, what: &'static str) -> Self {
        Self { operation, cause: Cause::Unreadable(what) }
    }

    /// What people can do about it.
    pub fn remedy(&self) -> &'static str {
        match self.cause {
            Cause::Status(403, _) => {
                "Does the identity have the roles Storage Queue Data Contributor and Storage Table Data Contributor \
                 (infra/ gives them, and they take up to ten minutes to come into force), is the key this account's, and \
                 does the network let us in?"
            }
            Cause::Status(404, _) => "Run `spruce-consent setup`; in Azure, deploy infra/ again",
            Cause::NoConnection => "Is the account's name right, and Azurite running, if it is that?",
            Cause::NoToken => "Sign in with `az login`",
            Cause::Contended => "Try again in a moment",
            Cause::Status(..) | Cause::TimedOut | Cause::Unreadable(_) | Cause::Other => {
                "Try again; if it stays so, look at Azure's status page"
            }
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self.cause {
            Cause::Status(status, _) => Some(status),
            _ => None,
        }
    }
}

impl Cause {
    pub(super) fn of(error: &azure_core::Error) -> Self {
        if let Some(http) = error.as_http_error() {
            return Self::of_status(http.status().into(), http.error_code());
        }
        match error.kind() {
            azure_core::error::ErrorKind::HttpResponse { status, error_code } => {
                Self::of_status((*status).into(), error_code.as_deref())
            }
            azure_core::error::ErrorKind::Credential => Self::NoToken,
            azure_core::error::ErrorKind::DataConversion => Self::Unreadable("the answer"),
            _ => Self::of_transport(error),
        }
    }

    pub(super) fn of_status(status: u16, code: Option<&str>) -> Self {
        // Codes are words such as `AuthorizationPermissionMismatch`; anything else stays out of the log.
        let code = code.filter(|code| code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        Self::Status(status, code.unwrap_or_default().to_owned())
    }

    fn of_transport(error: &(dyn Error + 'static)) -> Self {
        let mut source = Some(error);
        while let Some(inner) = source {
            if let Some(error) = inner.downcast_ref::<reqwest::Error>() {
                return if error.is_timeout() {
                    Self::TimedOut
                } else if error.is_connect() || error.is_request() {
                    Self::NoConnection
                } else {
                    Self::Other
                };
            }
            source = inner.source();
        }
        Self::Other
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, cause } = self;
        match cause {
            Cause::Status(status, code) => write!(f, "{operation}: {status} {code}"),
            Cause::NoConnection => write!(f, "{operation}: no connection"),
            Cause::TimedOut => write!(f, "{operation}: no answer in time"),
            Cause::NoToken => write!(f, "{operation}: no token from the managed identity or the Azure CLI"),
            Cause::Unreadable(what) => write!(f, "{operation}: cannot read {what}"),
            Cause::Contended => write!(f, "{operation}: the row kept changing"),
            Cause::Other => write!(f, "{operation}: failed on the way"),
        }
    }
}

impl Error for StorageError {}
