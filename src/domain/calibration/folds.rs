//! Which deals are tried on which: stratified folds in which equal deals stay together.

use super::table::Table;

/// A small generator of numbers (`SplitMix64`, Steele and others 2014): the same on every machine.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draws a number below `end`, which is above 0; the bias is below 2^-32 for any table.
    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Brings things into an order by chance.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            things.swap(at, self.below(at + 1));
        }
    }
}

/// Deals equal deals out to folds, so that each has its share of the won and of the lost.
///
/// Returns the fold of each deal. Groups are dealt the largest first, in an order by chance among
/// equals, each to the fold that has least of what the group would bring.
pub fn folds(table: &Table, count: usize, draw: &mut Draw) -> Vec<u8> {
    let mut sizes = vec![[0_u32; 2]; table.distinct()];
    for (group, won) in table.groups().iter().zip(table.won()) {
        sizes[*group as usize][usize::from(*won)] += 1;
    }
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    draw.shuffle(&mut order);
    order.sort_by_key(|group| std::cmp::Reverse(sizes[*group][0] + sizes[*group][1]));

    let mut filled = vec![[0_u32; 2]; count];
    let mut fold_of = vec![0_u8; sizes.len()];
    let mut places: Vec<usize> = (0..count).collect();
    for group in order {
        let brings = sizes[group];
        draw.shuffle(&mut places);
        // Least of the kind that the group has most of, then least of all.
        let kind = usize::from(brings[1] >= brings[0]);
        let best = places
            .iter()
            .copied()
            .min_by_key(|fold| (filled[*fold][kind], filled[*fold][0] + filled[*fold][1]))
            .expect("there is a fold");
        filled[best][0] += brings[0];
        filled[best][1] += brings[1];
        fold_of[group] = best as u8;
    }
    let groups = table.groups().iter();
    groups.map(|group| fold_of[*group as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::table::Gather;
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first outputs for the seed 1234567 of the published reference implementation.
        let mut draw = Draw::new(1_234_567);

        let first = [draw.next(), draw.next(), draw.next()];

        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn equal_deals_share_a_fold_and_each_fold_has_its_share() {
        let mut gather = Gather::new(["a".to_owned()]);
        for n in 0..200 {
            gather
                .push([(n / 2).to_string().as_str()], n % 4 == 0)
                .unwrap();
        }
        let table = gather.finish();

        let folds = folds(&table, 10, &mut Draw::new(7));

        for pair in folds.chunks(2) {
            assert_eq!(pair[0], pair[1]);
        }
        for fold in 0..10 {
            let won = folds.iter().zip(table.won());
            let won = won.filter(|(f, won)| **f == fold && **won).count();
            let all = folds.iter().map(|f| usize::from(*f == fold)).sum::<usize>();
            assert_eq!((won, all), (5, 20), "fold {fold}");
        }
    }
}
