//! Azure Storage: the queue between the two functions, and the tables that staff read.
//!
//! This is the only place that names the `azure_*` crates, so that a change of SDK touches one folder. Four things are
//! ours: the transport (pooled connections, and answers without a `Server` header), the credential for Entra ID (the
//! SDK's cannot name a user-assigned identity), the call by which events come onto the queue (through the SDK it
//! took nearly half of the webhook's instructions), and the columns.

mod account;
mod columns;
mod credential;
mod direct;
mod error;
mod keys;
mod queue;
mod tables;
mod transport;

pub use account::{Account, AccountFault};
pub use columns::local_time;
pub use error::{Cause, StorageError};
pub(crate) use keys::hex;
pub use queue::{POISON_QUEUE, PoisonEntry, QUEUE, Queue};
pub use tables::{
    Appended, Difference, HISTORY_TABLE, HistoryRow, REVIEW_TABLE, ReviewRow, Row, STATUS_TABLE, StatusVersion, Table,
    Tables, Written,
};
