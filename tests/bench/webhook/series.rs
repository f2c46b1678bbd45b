//! Figures that were taken once a round.

use std::fmt;

/// One figure, a value a round.
#[derive(Default)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }

    /// Round by round, how many times as much as `other`.
    pub(crate) fn over(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(value, other)| value / other).collect())
    }
}

/// The median, with the least and the greatest.
impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, greatest) = self
            .0
            .iter()
            .fold((f64::MAX, f64::MIN), |(least, greatest), value| (value.min(least), value.max(greatest)));
        f.pad(&format!("{:.2} ({least:.2}–{greatest:.2})", self.median()))
    }
}
