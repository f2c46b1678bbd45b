//! What goes wrong in a storm: each kind has a name, a place where it strikes, and what it may show in the log.

use std::time::{Duration, Instant};

use clap::ValueEnum;
use local::azurite::{self, Azurite};
use local::fault::Fault;

use super::clinic::Clinic;
use super::script::Dice;

/// How long a fault that meets requests goes on.
const SPELL: Duration = Duration::from_secs(3);

/// How long it is waited at most until the host has tried a job five times. They are about a second apart, but on a busy
/// machine many jobs are before it each time.
const FIVE_ATTEMPTS: Duration = Duration::from_secs(60);

/// The pause between two looks whether it has.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// How often connections are cut in a spell.
const CUTS: u32 = 10;

/// After how much time an unused connection is closed: soon enough that many are about to be used again.
const IDLE_LIMIT: Duration = Duration::from_millis(40);

/// A delay that everybody waits out.
const SLOW: Duration = Duration::from_millis(1_500);

/// A delay that nobody waits out: storage and Spruce's API get 10 s for an attempt.
const TOO_LONG: Duration = Duration::from_secs(12);

/// The share of storage's requests that meet a fault.
const OF_STORAGE: f64 = 0.1;

/// The share that meets one which takes [`TOO_LONG`]: each holds somebody up for 10 s.
const OF_STORAGE_TOO_LONG: f64 = 0.02;

/// The share of the calls of Spruce's API that meet a fault.
const OF_SPRUCE: f64 = 0.3;

/// The share that gets no answer: each holds a job up for as long as it may look things up.
const OF_SPRUCE_TOO_LONG: f64 = 0.1;

/// The share of the webhook's answers that Spruce does not hear.
const OF_DELIVERIES: f64 = 0.2;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Kind {
    /// The handler is killed (SIGKILL) and started again by the host
    HandlerKilled,
    /// Azurite is ended, writes its data, and is started again on it
    StorageEnded,
    /// Azurite is killed (SIGKILL) once it has written what it had answered, and started again
    StorageKilled,
    /// The tables cannot be reached while the queues can, until a job has failed five times
    TablesDown,
    /// Every connection to storage is reset, in the middle of whatever is under way, again and again
    StorageCut,
    /// Requests to storage are lost before they are done
    StorageRequestsLost,
    /// Storage does what it is asked, and the answer is lost
    StorageAnswersLost,
    /// Storage's answers break off in the middle
    StorageHalfAnswers,
    /// Storage takes 1.5 s for an answer
    StorageSlow,
    /// Storage does nothing for longer than anybody waits
    StorageStuck,
    /// Storage does what it is asked, and answers later than anybody waits
    StorageLate,
    /// Storage closes connections that were not used for a moment
    StorageIdleClosed,
    /// Storage answers 503 `ServerBusy`
    StorageBusy,
    /// Storage answers 500
    StorageBroken,
    /// Spruce's API answers 429 with Retry-After
    SpruceRateLimited,
    /// Spruce's API answers 500
    SpruceBroken,
    /// Spruce's API answers 403
    SpruceRefuses,
    /// Spruce's API answers a page of HTML
    SpruceGarbage,
    /// Spruce's API answers half a body
    SpruceHalfBody,
    /// Spruce's API closes the connection without a byte
    SpruceNothing,
    /// Spruce's API takes the call and never answers
    SpruceHangs,
    /// Spruce does not hear what the webhook answers
    DeliveriesUnanswered,
}

/// Where faults strike. Those of one place come one after the other, those of different places at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A process that ends, or a service that is away. Only one is at a time: whoever lets Azurite write before it is
    /// killed must be sure that nobody else lets requests through.
    Process,
    /// Between storage and everybody who uses it.
    Storage,
    /// Between the program and Spruce's API.
    Spruce,
    /// Between Spruce's webhooks and the host.
    Delivery,
}

impl Place {
    pub(super) const ALL: [Self; 4] = [Self::Process, Self::Storage, Self::Spruce, Self::Delivery];
}

impl Kind {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    pub(super) const fn place(self) -> Place {
        match self {
            Self::HandlerKilled | Self::StorageEnded | Self::StorageKilled | Self::TablesDown => Place::Process,
            Self::StorageCut
            | Self::StorageRequestsLost
            | Self::StorageAnswersLost
            | Self::StorageHalfAnswers
            | Self::StorageSlow
            | Self::StorageStuck
            | Self::StorageLate
            | Self::StorageIdleClosed
            | Self::StorageBusy
            | Self::StorageBroken => Place::Storage,
            Self::SpruceRateLimited
            | Self::SpruceBroken
            | Self::SpruceRefuses
            | Self::SpruceGarbage
            | Self::SpruceHalfBody
            | Self::SpruceNothing
            | Self::SpruceHangs => Place::Spruce,
            Self::DeliveriesUnanswered => Place::Delivery,
        }
    }

    /// The outcomes that it may bring into the log as a warning or an error. A connection that storage closed, an
    /// answer that takes its time, or a machine that dies are nothing that anybody has to see.
    pub(super) const fn explains(self) -> &'static [&'static str] {
        const STORAGE: &[&str] = &["queue_unavailable", "storage_failed", "deadline"];
        const SPRUCE: &[&str] = &["look_up_failed"];
        match self {
            Self::HandlerKilled | Self::StorageSlow | Self::StorageIdleClosed | Self::DeliveriesUnanswered => &[],
            Self::StorageEnded
            | Self::StorageKilled
            | Self::TablesDown
            | Self::StorageCut
            | Self::StorageRequestsLost
            | Self::StorageAnswersLost
            | Self::StorageHalfAnswers
            | Self::StorageStuck
            | Self::StorageLate
            | Self::StorageBusy
            | Self::StorageBroken => STORAGE,
            Self::SpruceRateLimited
            | Self::SpruceBroken
            | Self::SpruceRefuses
            | Self::SpruceGarbage
            | Self::SpruceHalfBody
            | Self::SpruceNothing
            | Self::SpruceHangs => SPRUCE,
        }
    }

    /// Strikes once, or for a spell, and gives how many processes, connections or requests it met.
    pub(super) async fn strike(self, clinic: &Clinic, dice: &mut Dice) -> Result<usize, String> {
        let seed = dice.draw();
        let on_storage = async |share, fault| {
            let fault = Fault::Share(share, Box::new(fault), seed);
            clinic.queue.set_fault(fault.clone());
            clinic.table.set_fault(fault);
            tokio::time::sleep(SPELL).await;
            Ok(clinic.queue.set_fault(Fault::None) + clinic.table.set_fault(Fault::None))
        };
        let on_spruce = async |share, fault| {
            clinic.spruce.set_fault(Fault::Share(share, Box::new(fault), seed));
            tokio::time::sleep(SPELL).await;
            Ok(clinic.spruce.set_fault(Fault::None))
        };
        match self {
            Self::HandlerKilled => {
                clinic.host.kill_handler().await;
                Ok(1)
            }
            Self::StorageEnded => clinic.restart_storage(Duration::ZERO, Azurite::stop).await.map(|()| 1),
            Self::StorageKilled => clinic.restart_storage(azurite::WRITTEN_AFTER, Azurite::kill).await.map(|()| 1),
            Self::TablesDown => {
                let (began, before) = (Instant::now(), clinic.host.stats().poisoned);
                clinic.table.set_down(true);
                while clinic.host.stats().poisoned == before && began.elapsed() < FIVE_ATTEMPTS {
                    tokio::time::sleep(LOOK_AGAIN_AFTER).await;
                }
                clinic.table.set_down(false);
                Ok(1)
            }
            Self::StorageCut => {
                for _ in 0..CUTS {
                    clinic.queue.cut();
                    clinic.table.cut();
                    tokio::time::sleep(SPELL / CUTS).await;
                }
                Ok(CUTS as usize)
            }
            Self::StorageRequestsLost => on_storage(OF_STORAGE, Fault::Nothing).await,
            Self::StorageAnswersLost => on_storage(OF_STORAGE, Fault::Unanswered).await,
            Self::StorageHalfAnswers => on_storage(OF_STORAGE, Fault::HalfBody).await,
            Self::StorageSlow => on_storage(OF_STORAGE, Fault::Slow(SLOW)).await,
            Self::StorageStuck => on_storage(OF_STORAGE_TOO_LONG, Fault::Slow(TOO_LONG)).await,
            Self::StorageLate => on_storage(OF_STORAGE_TOO_LONG, Fault::Late(TOO_LONG)).await,
            Self::StorageIdleClosed => {
                clinic.queue.close_idle_after(Some(IDLE_LIMIT));
                clinic.table.close_idle_after(Some(IDLE_LIMIT));
                tokio::time::sleep(SPELL).await;
                Ok(clinic.queue.close_idle_after(None) + clinic.table.close_idle_after(None))
            }
            Self::StorageBusy => on_storage(OF_STORAGE, Fault::Status(503)).await,
            Self::StorageBroken => on_storage(OF_STORAGE, Fault::Status(500)).await,
            Self::SpruceRateLimited => on_spruce(OF_SPRUCE, Fault::Status(429)).await,
            Self::SpruceBroken => on_spruce(OF_SPRUCE, Fault::Status(500)).await,
            Self::SpruceRefuses => on_spruce(OF_SPRUCE, Fault::Status(403)).await,
            Self::SpruceGarbage => on_spruce(OF_SPRUCE, Fault::Garbage).await,
            Self::SpruceHalfBody => on_spruce(OF_SPRUCE, Fault::HalfBody).await,
            Self::SpruceNothing => on_spruce(OF_SPRUCE, Fault::Nothing).await,
            Self::SpruceHangs => on_spruce(OF_SPRUCE_TOO_LONG, Fault::Slow(TOO_LONG)).await,
            Self::DeliveriesUnanswered => {
                clinic.front.set_fault(Fault::Share(OF_DELIVERIES, Box::new(Fault::Unanswered), seed));
                tokio::time::sleep(SPELL).await;
                Ok(clinic.front.set_fault(Fault::None))
            }
        }
    }
}
