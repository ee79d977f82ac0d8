//! Labels that stand for hidden names: short, unique, and different in each session.

/// Letters of a label of one letter; none that looks like a digit.
const SINGLES: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Letters of a longer label; no vowels, so that no label is a word.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// Draws labels from a seed.
///
/// The first ids take the labels of one letter, the next those of two, and so on; within each
/// length the ids are shuffled by a keyed permutation. So a label needs no table, is the same all
/// session, belongs to one id only, and tells nothing without the seed but roughly how many
/// deals came before.
#[derive(Clone)]
pub(super) struct Labels {
    seed: u64,
}

impl std::fmt::Debug for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Labels")
    }
}

impl Labels {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    pub(super) fn deal(&self, id: i64) -> String {
        draw(id, mix(self.seed ^ 0xdea1))
    }

    pub(super) fn account(&self, id: i64) -> String {
        draw(id, mix(self.seed ^ 0xacc7))
    }

    pub(super) fn contact(&self, id: i64) -> String {
        draw(id, mix(self.seed ^ 0xc047))
    }
}

fn draw(id: i64, key: u64) -> String {
    // Ids start at 1; any other number still has a label of its own.
    let mut place = u128::from(id.wrapping_sub(1).cast_unsigned());
    let mut letters = SINGLES;
    let mut length = 1;
    let mut size = SINGLES.len() as u128;
    while place >= size {
        place -= size;
        length += 1;
        letters = LETTERS;
        size = (LETTERS.len() as u128).pow(length);
    }
    let mut place = shuffle(place, size, key ^ u64::from(length));
    let base = letters.len() as u128;
    let mut label = Vec::with_capacity(length as usize);
    for _ in 0..length {
        label.push(letters[(place % base) as usize]);
        place /= base;
    }
    String::from_utf8(label).expect("letters of ASCII")
}

/// Permutes `0..size`: a Feistel network over the next even number of bits, walked until the
/// result lies inside.
fn shuffle(place: u128, size: u128, key: u64) -> u128 {
    let bits = u128::BITS - (size - 1).leading_zeros();
    let half = bits.div_ceil(2).max(1);
    let low = (1_u128 << half) - 1;
    let mut place = place;
    loop {
        let (mut left, mut right) = (place >> half, place & low);
        for round in 0..6 {
            let noise = mix(key ^ mix(right as u64 ^ (round << 56)));
            (left, right) = (right, left ^ (u128::from(noise) & low));
        }
        place = (left << half) | right;
        if place < size {
            return place;
        }
    }
}

/// Mixes the bits of a number (the finaliser of `SplitMix64`, Steele and others 2014).
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_are_unique() {
        let labels = Labels::new(42);

        let drawn: HashSet<_> = (1..=20_000).map(|id| labels.deal(id)).collect();
        assert_eq!(drawn.len(), 20_000);
    }

    #[test]
    #[ignore = "a million labels take seconds in a build without optimisation"]
    fn a_million_labels_are_unique() {
        let labels = Labels::new(42);

        let drawn: HashSet<_> = (1..=1_000_000).map(|id| labels.deal(id)).collect();
        assert_eq!(drawn.len(), 1_000_000);
    }

    #[test]
    fn the_first_deals_have_one_letter() {
        let labels = Labels::new(42);

        let drawn: HashSet<_> = (1..=24).map(|id| labels.deal(id)).collect();
        assert_eq!(drawn.len(), 24);
        assert!(drawn.iter().all(|label| label.len() == 1), "{drawn:?}");
        assert_eq!(labels.deal(25).len(), 2);
        assert_eq!(labels.deal(1_000_000).len(), 5);
    }

    #[test]
    fn a_session_keeps_its_labels_and_the_next_has_others() {
        let of = |seed| {
            (1..=24)
                .map(|id| Labels::new(seed).deal(id))
                .collect::<Vec<_>>()
        };

        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn accounts_and_deals_are_drawn_apart() {
        let labels = Labels::new(5);

        assert!((1..=24).any(|id| labels.deal(id) != labels.account(id)));
    }

    proptest! {
        #[test]
        fn two_ids_never_share_a_label(seed: u64, a: i64, b: i64, near in 1i64..5) {
            let labels = Labels::new(seed);
            for other in [b, a.wrapping_add(near)] {
                prop_assert_eq!(a == other, labels.deal(a) == labels.deal(other));
            }
        }
    }
}
