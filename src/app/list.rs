//! The list of deals: which are asked for, in which order, and the part of them that is loaded.
//!
//! The order of a list is an index of ids, four bytes a deal; rows are fetched in windows around
//! what is on screen. The order is frozen while one works through it: a renewed index is merged
//! into it and only [`Renewal::Renew`] takes the new order as it is.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::app::layout::ListShape;
use crate::domain::deal::ListRow;
use crate::domain::ids::DealId;
pub use crate::domain::query::Order;
pub use crate::domain::view::{Group, Heading, ListQuery, View};

/// A list of at most so many deals is loaded whole, and its groups fold so that the heading of
/// each stays on screen.
pub const WHOLE: usize = 300;

/// Up to so many deals the order is frozen; a longer list takes each new order as it is.
const FROZEN: usize = 20_000;

/// How a new index is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Renewal {
    /// Into the frozen order: what would move is marked.
    Keep,
    /// As it is.
    Renew,
}

/// The list as it stands.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What is asked for.
    pub query: ListQuery,
    /// The number of the newest index that was asked for; 0 before the first.
    pub generation: u64,
    /// The generation of what is shown.
    pub shown: u64,
    /// How the index that is on its way will be taken; `None` when none is. While it is built
    /// the old rows stay.
    pub building: Option<Renewal>,
    /// Whether an index is wanted that was not asked for yet.
    pub wanted: Option<Renewal>,
    /// Whether others wrote since the index that is on its way was asked for.
    pub is_behind: bool,
    /// The deals in their order.
    pub ids: Vec<u32>,
    /// The headings, in their order; empty for flat orders.
    pub groups: Vec<Group>,
    /// Whether [`Self::ids`] is only the beginning, so that its length is a lower bound.
    pub partial: bool,
    /// The place of the cursor in [`Self::ids`]; 0 when empty.
    pub cursor: usize,
    /// The deal to which the cursor goes with the next index; `None` keeps it on its deal.
    pub anchor: Option<u32>,
    /// Whether the cursor goes to the first row with the next index.
    pub from_top: bool,
    /// The place of the first row that a window of rows shows; see [`crate::app::layout`].
    pub top: usize,
    /// The marked deals.
    pub marks: BTreeSet<u32>,
    /// Deals that a renewed order would move, shown with `*`.
    pub moved: BTreeSet<u32>,
    /// The loaded rows, by id.
    pub rows: HashMap<u32, ListRow>,
    /// The places whose rows are loaded.
    pub loaded: Range<usize>,
    /// The places whose rows are on their way, and the number of the request for them.
    pub fetching: Option<(u64, Range<usize>)>,
    /// How many requests for rows there were.
    pub fetches: u64,
    /// The last request for rows before somebody wrote.
    pub outdated: u64,
    /// The order as it was when it was last renewed, with those that left since.
    pub frozen: Vec<(u32, Option<Heading>)>,
}

impl List {
    /// Returns the deal under the cursor.
    pub fn current(&self) -> Option<DealId> {
        self.ids.get(self.cursor).map(|id| DealId::from(*id))
    }

    /// Returns the loaded row at a place; `None` while it is on its way.
    pub fn row(&self, place: usize) -> Option<&ListRow> {
        self.rows.get(self.ids.get(place)?)
    }

    /// Returns the loaded row of a deal.
    pub fn row_of(&self, deal: DealId) -> Option<&ListRow> {
        self.rows.get(&deal.short())
    }

    /// Returns the heading over a place; `None` in flat orders.
    pub fn heading(&self, place: usize) -> Option<Heading> {
        heading_at(&self.groups, place)
    }

    /// Whether groups fold so that each heading stays on screen.
    pub fn folds(&self) -> bool {
        !self.groups.is_empty() && self.ids.len() <= WHOLE
    }

    /// Whether what is shown is not yet what was asked for: another order, or only its beginning. A
    /// whole list into which news go is what it is meanwhile.
    pub fn is_sorting(&self) -> bool {
        let is_whole = !self.partial && !self.ids.is_empty();
        match self.building {
            Some(Renewal::Renew) => true,
            Some(Renewal::Keep) => !is_whole,
            None => false,
        }
    }

    /// Returns what the panes are laid out by.
    pub fn shape(&self) -> ListShape<'_> {
        ListShape {
            len: self.ids.len(),
            groups: &self.groups,
            cursor: self.cursor,
            top: self.top,
            folds: self.folds(),
        }
    }

    /// Asks for an index with the next chance; renewing outweighs keeping.
    pub fn want(&mut self, renewal: Renewal) {
        self.wanted = self.wanted.max(Some(renewal));
    }

    /// Notes that the rows so far may be old.
    pub fn outdate(&mut self) {
        self.outdated = self.fetches;
    }

    /// Notes that others wrote. An index that is on its way comes first: who writes all the time,
    /// as an import does, would stop each of them.
    pub fn overtake(&mut self) {
        self.outdate();
        if self.building.is_some() {
            self.is_behind = true;
        } else {
            self.want(Renewal::Keep);
        }
    }

    /// Asks for another index where others wrote while one was on its way.
    fn catch_up(&mut self) {
        self.building = None;
        if std::mem::take(&mut self.is_behind) {
            self.want(Renewal::Keep);
        }
    }

    /// Takes the wish for an index, and counts a generation up for it.
    pub fn take_wish(&mut self) -> Option<u64> {
        let wish = self.wanted.take()?;
        self.is_behind = false;
        // An index that would have renewed is overtaken before it came: this one does.
        self.building = self.building.max(Some(wish));
        self.generation += 1;
        Some(self.generation)
    }

    /// Takes an index that came. An old generation changes nothing.
    pub fn take_index(&mut self, generation: u64, index: NewIndex) {
        let Some(renewal) = self.building else { return };
        if generation != self.generation {
            return;
        }
        let keeps = renewal == Renewal::Keep && !self.ids.is_empty();
        let loses_place = match self.anchor {
            Some(anchor) => !index.ids.contains(&anchor),
            None => self.cursor > 0,
        };
        if index.partial && (keeps || loses_place) {
            // A beginning would pull the cursor off its deal.
            return;
        }
        let under_cursor = self
            .ids
            .get(self.cursor)
            .copied()
            .filter(|_| !self.from_top);
        let current = self.anchor.or(under_cursor);
        let above = self.cursor.saturating_sub(self.top);
        let was_whole = !self.partial;
        // The rows of a beginning are those of the whole as well.
        let goes_on = !was_whole && self.shown == generation && index.ids.starts_with(&self.ids);
        let NewIndex {
            ids,
            groups,
            partial,
        } = index;
        if keeps && was_whole && self.frozen.len().max(ids.len()) <= FROZEN {
            self.merge(&ids, &groups);
        } else {
            self.frozen = if ids.len() <= FROZEN {
                let heading = |(place, id): (usize, &u32)| (*id, heading_at(&groups, place));
                ids.iter().enumerate().map(heading).collect()
            } else {
                Vec::new()
            };
            self.moved.clear();
            self.ids = ids;
            self.groups = groups;
        }
        self.partial = partial;
        if !partial {
            self.catch_up();
            self.anchor = None;
            self.from_top = false;
        }
        self.shown = generation;
        let found = current.and_then(|id| self.ids.iter().position(|other| *other == id));
        self.cursor = found
            .unwrap_or(self.cursor)
            .min(self.ids.len().saturating_sub(1));
        if found.is_some() {
            self.anchor = None;
        }
        self.top = self.cursor.saturating_sub(above);
        if !goes_on {
            self.fetching = None;
            self.loaded = if self.outdated == self.fetches {
                0..0
            } else {
                self.known()
            };
            if self.loaded == (0..self.ids.len()) {
                let mut rows = std::mem::take(&mut self.rows);
                self.rows = self
                    .ids
                    .iter()
                    .filter_map(|id| rows.remove_entry(id))
                    .collect();
            }
        }
        if !partial && self.ids.len() <= FROZEN {
            let present: BTreeSet<u32> = self.ids.iter().copied().collect();
            self.marks.retain(|id| present.contains(id));
        }
    }

    /// The places around the cursor whose rows were loaded with an earlier index: a search that
    /// goes on finds some of what it found before.
    fn known(&self) -> Range<usize> {
        let is_known = |id: &&u32| self.rows.contains_key(id);
        let (above, below) = self.ids.split_at(self.cursor);
        let before = above.iter().rev().take_while(is_known).count();
        let behind = below.iter().take_while(is_known).count();
        self.cursor - before..self.cursor + behind
    }

    /// Notes that the index on its way failed.
    pub fn give_up_index(&mut self, generation: u64) {
        if generation == self.generation {
            self.catch_up();
        }
    }

    /// Returns the places to load next: at once those on screen, and once these are there two
    /// pages around, so that no key has to wait for the next.
    pub fn window_to_fetch(&self, visible: &Range<usize>) -> Option<Range<usize>> {
        if visible.is_empty() || self.fetching.is_some() {
            return None;
        }
        let len = self.ids.len();
        let page = visible.len().min(60);
        let around = |pages: usize| {
            visible.start.saturating_sub(pages * page)..(visible.end + pages * page).min(len)
        };
        let has = |places: &Range<usize>| {
            self.loaded.start <= places.start && places.end <= self.loaded.end
        };
        if !has(visible) {
            let all = len <= WHOLE;
            Some(if all { 0..len } else { visible.clone() })
        } else if len <= WHOLE || self.partial || has(&around(1)) {
            None
        } else {
            Some(around(2))
        }
    }

    /// Whether rows on screen are on their way, and not only those around them.
    pub fn expects(&self) -> bool {
        let is_here = |place| self.loaded.contains(place);
        self.fetching.is_some() && !(is_here(&self.cursor) && is_here(&self.top))
    }

    /// Notes that the rows of these places are asked for, and returns the number of the request.
    /// Each has one of its own: the beginning of an index and the whole have one generation, and
    /// both begin with the first place.
    pub fn fetch(&mut self, places: Range<usize>) -> u64 {
        self.fetches += 1;
        self.fetching = Some((self.fetches, places));
        self.fetches
    }

    /// Takes rows that came. Those of another request than the one on its way are dropped.
    pub fn take_window(&mut self, request: u64, rows: Vec<ListRow>) {
        let Some((_, range)) = self.fetching.take_if(|(asked, _)| *asked == request) else {
            return;
        };
        self.rows.clear();
        self.rows
            .extend(rows.into_iter().map(|row| (row.id.short(), row)));
        self.loaded = range;
    }

    /// Notes that rows could not be loaded; they are not asked for again until the list changes.
    pub fn give_up_window(&mut self, request: u64) {
        if let Some((_, range)) = self.fetching.take_if(|(asked, _)| *asked == request) {
            self.loaded = range;
        }
    }

    /// Moves the cursor by so many rows, and says whether it moved.
    pub fn step(&mut self, by: isize) -> bool {
        let last = self.ids.len().saturating_sub(1);
        let place = self.cursor.saturating_add_signed(by).min(last);
        std::mem::replace(&mut self.cursor, place) != place
    }

    /// Puts the new set of deals into the frozen order.
    fn merge(&mut self, ids: &[u32], groups: &[Group]) {
        let new: HashMap<u32, (usize, Option<Heading>)> = ids
            .iter()
            .enumerate()
            .map(|(place, id)| (*id, (place, heading_at(groups, place))))
            .collect();
        let known: BTreeSet<u32> = self.frozen.iter().map(|(id, _)| *id).collect();
        // A sitting is what one hour can decide: it is not filled up behind one's back, but what
        // falls due comes in.
        let is_sitting = self.query.view == View::ToDecide;
        for (place, id) in ids.iter().enumerate() {
            let heading = heading_at(groups, place);
            if known.contains(id) || (is_sitting && heading != Some(Heading::Due)) {
                continue;
            }
            // The end of its own group, or where its group belongs.
            let after = self.frozen.iter().rposition(|(_, other)| *other <= heading);
            self.frozen
                .insert(after.map_or(0, |last| last + 1), (*id, heading));
        }
        let kept: Vec<(u32, Option<Heading>)> = self
            .frozen
            .iter()
            .copied()
            .filter(|(id, _)| new.contains_key(id))
            .collect();
        let places: Vec<usize> = kept.iter().map(|(id, _)| new[id].0).collect();
        let in_order = longest_rise(&places);
        self.moved = kept
            .iter()
            .enumerate()
            .filter(|(at, (id, heading))| {
                !known.contains(id) || !in_order.contains(at) || new[id].1 != *heading
            })
            .map(|(_, (id, _))| *id)
            .collect();
        self.ids = kept.iter().map(|(id, _)| *id).collect();
        self.groups = Vec::new();
        for (place, (_, heading)) in kept.iter().enumerate() {
            let Some(heading) = *heading else { continue };
            match self.groups.last_mut() {
                Some(group) if group.heading == heading => group.count += 1,
                Some(_) | None => {
                    let hours = groups
                        .iter()
                        .find(|g| g.heading == heading)
                        .and_then(|g| g.hours);
                    self.groups.push(Group {
                        heading,
                        start: place,
                        count: 1,
                        hours,
                    });
                }
            }
        }
    }
}

/// An index as it came.
#[derive(Clone, Debug, Default)]
pub struct NewIndex {
    /// The deals in order.
    pub ids: Vec<u32>,
    /// Their headings.
    pub groups: Vec<Group>,
    /// Whether more is to come.
    pub partial: bool,
}

fn heading_at(groups: &[Group], place: usize) -> Option<Heading> {
    let at = groups.partition_point(|group| group.start <= place);
    groups.get(at.checked_sub(1)?).map(|group| group.heading)
}

/// Returns the places of a longest rising run: the fewest deals are then out of order.
fn longest_rise(values: &[usize]) -> BTreeSet<usize> {
    // Patience: `ends[n]` is the place of the smallest value that ends a run of n + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; values.len()];
    for (at, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values[*end] < *value);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut run = BTreeSet::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        run.insert(at);
        next = before[at];
    }
    run
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups(headings: &[(Heading, usize)]) -> Vec<Group> {
        let mut start = 0;
        let group = |(heading, count): &(Heading, usize)| {
            let group = Group {
                heading: *heading,
                start,
                count: *count,
                hours: None,
            };
            start += count;
            group
        };
        headings.iter().map(group).collect()
    }

    fn take(list: &mut List, renewal: Renewal, ids: &[u32], headings: &[(Heading, usize)]) {
        list.want(renewal);
        let generation = list.take_wish().unwrap();
        let index = NewIndex {
            ids: ids.to_vec(),
            groups: groups(headings),
            partial: false,
        };
        list.take_index(generation, index);
    }

    fn list(view: View, ids: &[u32], headings: &[(Heading, usize)]) -> List {
        let mut list = List::default();
        list.query.view = view;
        take(&mut list, Renewal::Renew, ids, headings);
        list
    }

    #[test]
    fn a_kept_order_marks_what_would_move() {
        let mut list = list(
            View::Open,
            &[1, 2, 3, 4],
            &[(Heading::Fire, 2), (Heading::GetToNo, 2)],
        );
        list.cursor = 3;
        take(
            &mut list,
            Renewal::Keep,
            &[2, 1, 4, 3, 5],
            &[(Heading::Fire, 1), (Heading::GetToNo, 4)],
        );

        assert_eq!(list.ids, [1, 2, 3, 4, 5]);
        assert_eq!(
            list.groups,
            groups(&[(Heading::Fire, 2), (Heading::GetToNo, 3)])
        );
        assert!(list.moved.contains(&1) && list.moved.contains(&5));
        assert_eq!(list.current(), Some(DealId(4)));
    }

    #[test]
    fn what_left_comes_back_to_its_place() {
        let heads = |fire| [(Heading::Fire, fire), (Heading::GetToNo, 1)];
        let mut list = list(View::ToDecide, &[1, 2, 3, 4], &heads(3));
        take(&mut list, Renewal::Keep, &[1, 3, 4], &heads(2));
        assert_eq!(list.ids, [1, 3, 4]);
        assert!(list.moved.is_empty());
        take(&mut list, Renewal::Keep, &[1, 2, 3, 4], &heads(3));

        assert_eq!(list.ids, [1, 2, 3, 4]);
        assert!(list.moved.is_empty());
    }

    #[test]
    fn a_renewal_that_is_overtaken_still_renews() {
        let mut list = list(View::Open, &[1, 2], &[]);
        list.want(Renewal::Renew);
        list.take_wish();
        list.want(Renewal::Keep);
        let generation = list.take_wish().unwrap();
        list.take_index(
            generation,
            NewIndex {
                ids: vec![2, 1],
                ..NewIndex::default()
            },
        );

        assert_eq!(list.ids, [2, 1]);
        assert!(list.moved.is_empty());
    }

    #[test]
    fn a_beginning_is_shown_only_where_it_pulls_nothing_away() {
        let mut first = List::default();
        first.want(Renewal::Renew);
        let generation = first.take_wish().unwrap();
        let part = || NewIndex {
            ids: vec![7, 8],
            partial: true,
            ..NewIndex::default()
        };
        first.take_index(generation, part());
        assert!(first.partial && first.ids == [7, 8]);
        first.take_index(
            generation,
            NewIndex {
                ids: vec![7, 8, 9],
                ..NewIndex::default()
            },
        );
        assert!(!first.partial && first.building.is_none());

        first.cursor = 2;
        first.want(Renewal::Renew);
        let generation = first.take_wish().unwrap();
        first.take_index(generation, part());
        assert_eq!(first.ids, [7, 8, 9]);
    }

    #[test]
    fn a_beginning_with_the_deal_one_was_on_is_shown_and_its_rows_are_kept() {
        let mut list = List {
            anchor: Some(8),
            cursor: 1,
            ..List::default()
        };
        list.want(Renewal::Renew);
        let generation = list.take_wish().unwrap();
        let index = |ids: &[u32], partial| NewIndex {
            ids: ids.to_vec(),
            partial,
            ..NewIndex::default()
        };
        list.take_index(generation, index(&[7, 6], true));
        assert!(list.ids.is_empty());
        list.take_index(generation, index(&[6, 7, 8], true));
        assert_eq!((list.current(), list.top), (Some(DealId(8)), 1));
        list.loaded = 0..3;

        list.cursor = 0;
        list.take_index(generation, index(&[6, 7, 8, 9], false));
        assert_eq!((list.current(), &list.loaded), (Some(DealId(6)), &(0..3)));

        // An order of its own is loaded anew.
        list.want(Renewal::Renew);
        let generation = list.take_wish().unwrap();
        list.take_index(generation, index(&[6, 7, 8, 9], false));
        assert_eq!(list.loaded, 0..0);
    }

    #[test]
    fn the_longest_rise_leaves_out_the_fewest() {
        let kept = longest_rise(&[3, 0, 1, 2, 4]);
        assert_eq!(kept.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert!(longest_rise(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn merging_keeps_the_cursor_on_its_deal(
            old in proptest::collection::btree_set(1_u32..40, 1..30),
            new in proptest::sample::subsequence((1_u32..40).collect::<Vec<_>>(), 0..30),
            at in any::<prop::sample::Index>(),
        ) {
            let old: Vec<u32> = old.into_iter().collect();
            let mut list = list(View::Open, &old, &[]);
            list.cursor = at.index(old.len());
            let before = list.ids[list.cursor];
            take(&mut list, Renewal::Keep, &new, &[]);

            prop_assert_eq!(list.ids.len(), new.len());
            if new.contains(&before) {
                prop_assert_eq!(list.ids[list.cursor], before);
            }
            let kept: Vec<u32> = list.ids.iter().copied().filter(|id| old.contains(id)).collect();
            prop_assert!(kept.is_sorted(), "the frozen order holds");
        }
    }
}
