//! What can go wrong on the way to Spruce's API, on demand.

use std::time::Duration;

/// What happens to a request instead of, or before, its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fault {
    /// Nothing bad.
    #[default]
    None,
    /// An error answer with this status; 429 comes with `Retry-After`.
    Status(u16),
    /// The right answer, after this time.
    Slow(Duration),
    /// 200, but a page of HTML, as gateways answer.
    Garbage,
    /// The right answer's head and the first half of its body; then the connection closes.
    HalfBody,
    /// The connection closes without a byte.
    Nothing,
    /// This share of the requests (0 to 1) meets the fault; which ones follows from the seed.
    Share(f64, Box<Fault>, u64),
}

/// A fault with the generator that decides whom it meets.
#[derive(Debug, Default)]
pub(super) struct Faults {
    fault: Fault,
    generator: u64,
}

impl Faults {
    pub(super) fn new(fault: Fault) -> Self {
        let generator = match &fault {
            Fault::Share(_, _, seed) => *seed,
            Fault::None | Fault::Status(_) | Fault::Slow(_) | Fault::Garbage | Fault::HalfBody | Fault::Nothing => 0,
        };
        Self { fault, generator }
    }

    /// What happens to the next request: never a [`Fault::Share`].
    pub(super) fn next(&mut self) -> Fault {
        let mut fault = self.fault.clone();
        while let Fault::Share(share, inner, _) = fault {
            fault = if self.draw() < share { *inner } else { Fault::None };
        }
        fault
    }

    /// A number from 0 to 1: the upper half of a `SplitMix64` step, which is even enough to choose requests by.
    fn draw(&mut self) -> f64 {
        self.generator = self.generator.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.generator;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let [a, b, c, d, ..] = (mixed ^ (mixed >> 31)).to_be_bytes();
        f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_meets_about_that_share_and_the_same_requests_each_time() {
        let draw = |seed| {
            let mut faults = Faults::new(Fault::Share(0.25, Box::new(Fault::Nothing), seed));
            (0..1000).map(|_| faults.next() == Fault::Nothing).collect::<Vec<_>>()
        };
        let met = draw(7).iter().filter(|met| **met).count();
        assert!((200..300).contains(&met), "{met}");
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn all_and_none_mean_all_and_none() {
        let met = |share| {
            let mut faults = Faults::new(Fault::Share(share, Box::new(Fault::Garbage), 1));
            (0..1000).filter(|_| faults.next() == Fault::Garbage).count()
        };
        assert_eq!((met(0.0), met(1.0)), (0, 1000));
    }
}
