//! The suite over real sockets: the real binary under the local Functions host, real Azurite, and a stand-in for
//! Spruce's API that holds state. What needs no socket is tested beside the code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "in a test, a panic is the message; clippy's own exception covers only functions marked as tests"
)]

mod backfill; // an outage, and what is found again after it
mod classify; // the command that people try replies with
mod console; // no tests: runs commands as an operator does, and searches what they print
mod demo; // the demonstration is a test too
mod doctor; // what it finds, when all is well and when everything is broken
mod fuzz; // what bytes from anywhere can do to whoever reads them
mod host_contract; // the queue function's side of the host's protocol, byte for byte
mod infra; // the deployment against the code, and against what its pages promise
mod layering; // who may use whom
mod logs; // what must never be printed
mod operate; // the poison queue, and the tables as files
mod outage; // Spruce's API, storage or the handler fails
mod package; // the package as Azure gets it, where it is asked for
mod proof; // one patient's whole trail, on paper and as JSON
mod record; // the way of an event into the tables
mod replies; // what the rules make of several hundred replies
mod report; // the numbers, as text, as JSON and as a page
mod security; // what strangers try
mod send_test; // the command that tries the webhook
mod shipped_files; // host.json and its like against the code
mod spruce_api; // the client for Spruce's API, where only operators use it
mod staff; // the worklist, what staff decide in it, and what patients hear
mod start; // what stops the program from starting
mod storm; // everything fails while events flow: the tables are the oracle's
mod webhook; // every answer of the webhook
mod webhooks; // the commands about the endpoint at Spruce
mod world; // no tests: what the others stand on
