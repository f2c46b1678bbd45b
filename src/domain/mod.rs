//! Everything that is decided, and nothing else: no I/O, no clock, no async, no logging.
//!
//! The edges (`functions`, `storage`, `spruce`, `cli`) call into this module; nothing here calls out of it. A test over
//! the `use` lines keeps it so.

pub mod backfill;
pub mod confirmation;
pub mod consent;
pub mod event;
pub mod history;
pub mod identity;
pub mod intake;
pub mod job;
pub mod lenient;
pub mod phone;
pub mod private;
pub mod reply;
pub mod report;
pub mod request;
pub mod signature;
pub mod worklist;
