//! What stands in for the cloud on one machine: a Functions host, Azurite and Spruce's API.
//!
//! Nothing here is a mock of the program: the program is started as a process, speaks to real sockets, and cannot tell
//! this from Azure but by the addresses.

pub mod azurite;
pub mod demo;
pub mod ending;
pub mod fault;
pub mod host;
pub mod proxy;
pub mod spruce;
pub mod tables;
