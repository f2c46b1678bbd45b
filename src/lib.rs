//! `spruce-consent`: a patient's text reply, delivered by Spruce Health as a signed webhook, becomes a consent record
//! in Azure Table Storage.
//!
//! | module | what it is for | may use |
//! | --- | --- | --- |
//! | [`domain`] | everything that is decided: signature, event, classification, the fold | nothing of the others |
//! | [`functions`] | the two Azure Functions and the host's protocol: the order of steps | all but `cli` |
//! | [`storage`] | Azure Queue and Table Storage, the only place that names `azure_*` | `domain` |
//! | [`spruce`] | Spruce's API, the only place that speaks to it | `domain` |
//! | [`config`] | the settings | `domain`, `storage` |
//! | [`telemetry`] | log lines | nothing of the others |
//! | [`cli`] | what operators type; the handler itself is the command `serve` | everything |

pub mod cli;
pub mod config;
pub mod domain;
pub mod functions;
pub mod spruce;
pub mod storage;
pub mod telemetry;
