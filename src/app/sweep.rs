//! The sweep: the whole pipeline by the page, exceptions only, amounts and stages never shown.

use std::collections::BTreeMap;

use crate::domain::deal::{SweepDeal, SweepPage, SweepPile, SweepWord};
use crate::domain::ids::DealId;

/// The labels of a page. `h j k l q u` are none, so that old habits do no harm.
pub const LABELS: [char; 20] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'i', 'm', 'n', 'o', 'p', 'r', 's', 't', 'v', 'w', 'x', 'y',
    'z',
];

/// Deals of one page.
pub const PAGE: usize = LABELS.len();

/// The page of the sweep.
#[derive(Clone, Debug, Default)]
pub struct Sweep {
    /// The number of the page, from 0.
    pub page: usize,
    /// Its deals, by name; `None` while they are on their way.
    pub deals: Option<Vec<SweepDeal>>,
    /// Whether they were asked for.
    pub loading: bool,
    /// Whether somebody wrote since, so that they are to be loaded again.
    pub stale: bool,
    /// How many deals the sweep goes through.
    pub total: usize,
    /// The deal under the cursor.
    pub cursor: usize,
    /// What was said in this sweep; glad where it is not an exception.
    pub said: BTreeMap<DealId, SweepWord>,
    /// The end of it; `None` while it is still asking.
    pub end: Option<End>,
}

/// What a sweep comes to.
#[derive(Clone, Debug, Default)]
pub struct End {
    /// The piles: glad, dread, no idea, not swept; `None` while they are on their way.
    pub piles: Option<Vec<SweepPile>>,
    /// Whether they were asked for.
    pub loading: bool,
}

impl Sweep {
    /// Whether letters are labels.
    pub fn is_asking(&self) -> bool {
        self.end.is_none()
    }

    /// How many pages there are; at least one.
    pub fn pages(&self) -> usize {
        self.total.div_ceil(PAGE).max(1)
    }

    /// What stands for a deal: what was said now, else what was said last, else glad.
    pub fn word(&self, deal: &SweepDeal) -> SweepWord {
        let now = self.said.get(&deal.id).copied();
        now.or(deal.word).unwrap_or(SweepWord::Glad)
    }

    /// Takes the deals of a page.
    pub fn take(&mut self, page: usize, data: SweepPage) {
        if page != self.page {
            return;
        }
        self.loading = false;
        self.total = data.total;
        self.cursor = self.cursor.min(data.deals.len().saturating_sub(1));
        self.deals = Some(data.deals);
    }

    /// Says a word of the deal with a label, or takes the same word back.
    ///
    /// Returns whether there is such a deal.
    pub fn say(&mut self, label: char) -> bool {
        let word = if label.is_ascii_uppercase() {
            SweepWord::Unknown
        } else {
            SweepWord::Dread
        };
        let small = label.to_ascii_lowercase();
        match LABELS.iter().position(|other| *other == small) {
            Some(at) => self.say_at(at, word),
            None => false,
        }
    }

    /// Says a word of the deal at a place, or takes the same word back.
    ///
    /// Returns whether there is such a deal.
    pub fn say_at(&mut self, at: usize, word: SweepWord) -> bool {
        let Some(deal) = self.deals.as_ref().and_then(|deals| deals.get(at)) else {
            return false;
        };
        let (id, now) = (deal.id, self.word(deal));
        let word = if now == word { SweepWord::Glad } else { word };
        self.said.insert(id, word);
        self.cursor = at;
        true
    }

    /// Returns what is to be written of the page on screen: each deal whose word is new. The
    /// others are glad from now on.
    pub fn written(&mut self) -> Vec<(DealId, SweepWord)> {
        let deals = self.deals.iter().flatten();
        let words: Vec<_> = deals
            .map(|deal| (deal.id, deal.word, self.word(deal)))
            .collect();
        for (id, _, word) in &words {
            self.said.insert(*id, *word);
        }
        let is_new = |(id, kept, word): (DealId, Option<SweepWord>, SweepWord)| {
            (kept != Some(word)).then_some((id, word))
        };
        words.into_iter().filter_map(is_new).collect()
    }

    /// Counts what was said so far, this page as it stands: glad, dread, no idea.
    pub fn tally(&self) -> [usize; 3] {
        let here = self.deals.iter().flatten();
        let unsaid = here.filter(|deal| !self.said.contains_key(&deal.id));
        let words = self
            .said
            .values()
            .copied()
            .chain(unsaid.map(|deal| self.word(deal)));
        let mut tally = [0; 3];
        for word in words {
            tally[match word {
                SweepWord::Glad => 0,
                SweepWord::Dread => 1,
                SweepWord::Unknown => 2,
            }] += 1;
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shown::Name;

    fn sweep(words: &[Option<SweepWord>]) -> Sweep {
        let deals = words.iter().zip(1..).map(|(word, id)| SweepDeal {
            id: DealId(id),
            account: None,
            title: Name::new(format!("Deal {id}")),
            word: *word,
        });
        let mut sweep = Sweep::default();
        let page = SweepPage {
            deals: deals.collect(),
            total: 45,
        };
        sweep.take(0, page);
        sweep
    }

    #[test]
    fn labels_leave_out_the_letters_of_old_habits() {
        assert_eq!(PAGE, 20);
        assert!("hjklqu".chars().all(|habit| !LABELS.contains(&habit)));
    }

    #[test]
    fn a_letter_dreads_a_capital_knows_nothing_and_again_takes_it_back() {
        let mut sweep = sweep(&[None; 20]);

        assert!(sweep.say('e'));
        assert!(sweep.say('I'));
        assert_eq!(sweep.tally(), [18, 1, 1]);
        assert!(sweep.say('E'), "another word replaces the first");
        assert_eq!(sweep.tally(), [18, 0, 2]);
        assert!(sweep.say('E'));
        assert_eq!(sweep.tally(), [19, 0, 1]);
        assert!(!sweep.say('h'));
        assert_eq!(sweep.pages(), 3);
    }

    #[test]
    fn a_label_without_a_deal_says_nothing() {
        let mut sweep = sweep(&[None; 2]);

        assert!(!sweep.say('c'));
        assert_eq!(sweep.tally(), [2, 0, 0]);
    }

    #[test]
    fn a_page_writes_what_is_new_and_nothing_twice() {
        let mut sweep = sweep(&[Some(SweepWord::Glad), Some(SweepWord::Dread), None]);
        sweep.say('a');

        let written = sweep.written();

        let expected = [(DealId(1), SweepWord::Dread), (DealId(3), SweepWord::Glad)];
        assert_eq!(written, expected);
        assert_eq!(sweep.tally(), [1, 2, 0]);
    }

    #[test]
    fn a_page_that_was_left_is_not_taken() {
        let mut sweep = sweep(&[None; 3]);
        sweep.page = 1;

        sweep.take(0, SweepPage::default());

        assert_eq!(sweep.deals.map(|deals| deals.len()), Some(3));
    }
}
