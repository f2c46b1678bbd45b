//! The suite over real sockets: the real binary under the local Functions host, real Azurite, and a stand-in for
//! Spruce's API that holds state. What needs no socket is tested beside the code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "in a test, a panic is the message; clippy's own exception covers only functions marked as tests"
)]

mod classify; // the command that people try replies with
mod demo; // the demonstration is a test too
mod host_contract; // the queue function's side of the host's protocol, byte for byte
mod layering; // who may use whom
mod logs; // what must never be printed
mod outage; // Spruce's API, storage or the handler fails
mod record; // the way of an event into the tables
mod shipped_files; // host.json and its like against the code
mod start; // what stops the program from starting
mod webhook; // every answer of the webhook
mod world; // no tests: what the others stand on
