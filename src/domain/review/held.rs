//! The 1:1s that two people held, and how they compare.

use super::clock::Session;
use super::coach::Coaching;

/// A 1:1 that was closed, in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldReview {
    /// The meeting.
    pub session: Session,
    /// How many deals were talked about.
    pub talked: u32,
    /// How many prospects were fired, held and continued in it, in this order.
    pub decided: [u32; 3],
}

impl HeldReview {
    /// Whole minutes that it took.
    pub fn took(&self) -> i64 {
        let ended = self.session.ended.unwrap_or(self.session.started);
        self.session.clock.spent(ended)
    }
}

/// What two people have behind them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairReviews {
    /// The rep.
    pub rep: String,
    /// The manager; `None` for somebody who reviews alone.
    pub manager: Option<String>,
    /// Their 1:1s, the newest first.
    pub held: Vec<HeldReview>,
    /// How often both said the same; `None` where they compared nothing yet.
    pub coaching: Option<Coaching>,
}

impl PairReviews {
    /// Puts 1:1s, the newest first, to their pairs; the pair that met last comes first.
    pub fn group(held: Vec<HeldReview>) -> Vec<Self> {
        let mut pairs: Vec<Self> = Vec::new();
        for one in held {
            let (rep, manager) = (&one.session.rep, &one.session.manager);
            let at = pairs
                .iter()
                .position(|pair| pair.rep == *rep && pair.manager == *manager);
            let at = at.unwrap_or_else(|| {
                pairs.push(Self {
                    rep: rep.clone(),
                    manager: manager.clone(),
                    ..Self::default()
                });
                pairs.len() - 1
            });
            pairs[at].held.push(one);
        }
        pairs
    }

    /// Says who they are: `Ana and Dana`, `Ana alone`.
    pub fn names(&self) -> String {
        match &self.manager {
            Some(manager) => format!("{} and {manager}", self.rep),
            None => format!("{} alone", self.rep),
        }
    }
}
