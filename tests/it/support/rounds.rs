//! How often a harness goes round: a few times among the other tests, and by hand as often as
//! asked, with the same code.
//!
//! `WALKAWAY_ROUNDS=10000 cargo test --test it kills -- --nocapture` is a long run, and
//! `WALKAWAY_SEED` chooses another one. What a round does follows from the seed and its number
//! alone, and a failure names both.

use std::fmt::Display;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var_os(variable)?;
    let text = text.to_string_lossy();
    Some(text.parse().unwrap_or_else(|_| {
        panic!("{variable} is `{text}`, which is no number");
    }))
}

/// The rounds of a harness that goes round a few times by itself.
pub fn rounds(few: u64) -> u64 {
    number("WALKAWAY_ROUNDS").unwrap_or(few)
}

/// Whether somebody asked for a number of rounds.
pub fn by_hand() -> bool {
    number("WALKAWAY_ROUNDS").is_some()
}

/// The chance of one round.
pub fn dice(round: u64) -> fastrand::Rng {
    let seed = number("WALKAWAY_SEED").unwrap_or(1);
    fastrand::Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(round))
}

/// Picks one.
pub fn pick<'a, T>(dice: &mut fastrand::Rng, from: &'a [T]) -> &'a T {
    &from[dice.usize(..from.len())]
}

/// Says what a long run came to; a short one keeps quiet.
pub fn tell(figure: impl Display) {
    if by_hand() {
        eprintln!("MEASURED: {figure}");
    }
}
