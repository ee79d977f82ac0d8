//! Capacity: a week's time to sell, the deals stacked into it, and the line that they reach.

/// Deals stacked into a week, the first of the queue at the bottom.
///
/// Deals are told by their place in the stack, from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Minutes that there are; `None` while nobody said.
    room: Option<i64>,
    /// Minutes that each deal takes.
    takes: Vec<i64>,
}

impl Stack {
    /// Stacks deals by the minutes that they take.
    pub fn new(room: Option<i64>, takes: impl IntoIterator<Item = i64>) -> Self {
        Self {
            room: room.map(|room| room.max(0)),
            takes: takes.into_iter().map(|minutes| minutes.max(0)).collect(),
        }
    }

    /// Minutes that there are; `None` while nobody said.
    pub fn room(&self) -> Option<i64> {
        self.room
    }

    /// Minutes that one deal takes; 0 where there is none.
    pub fn takes(&self, at: usize) -> i64 {
        self.takes.get(at).copied().unwrap_or_default()
    }

    /// Minutes that all of them take.
    pub fn sum(&self) -> i64 {
        self.takes.iter().sum()
    }

    /// How many deals stand whole above the line; all of them while nobody said how much room
    /// there is. What stands on the line is below it.
    pub fn above(&self) -> usize {
        let Some(room) = self.room else {
            return self.takes.len();
        };
        let mut sum = 0;
        let fits = |minutes: &&i64| {
            sum += **minutes;
            sum <= room
        };
        self.takes.iter().take_while(fits).count()
    }

    /// Minutes that are left above the line.
    pub fn left(&self) -> i64 {
        let above: i64 = self.takes[..self.above()].iter().sum();
        self.room.map_or(0, |room| room - above)
    }

    /// Minutes of the deals below the line.
    pub fn below(&self) -> i64 {
        self.takes[self.above()..].iter().sum()
    }

    /// What a deal displaces. Of one above the line: the deals below that would stand above it
    /// without this one, in their order. Of one below: the deals above, the last first, that
    /// would have to go for it; none where even all of them are not enough.
    pub fn displaces(&self, at: usize) -> Vec<usize> {
        let above = self.above();
        let takes = self.takes(at);
        if at >= above {
            let mut left = self.left();
            let mut gone = Vec::new();
            for other in (0..above).rev() {
                if left >= takes {
                    break;
                }
                if self.takes[other] > 0 {
                    left += self.takes[other];
                    gone.push(other);
                }
            }
            return if left >= takes { gone } else { Vec::new() };
        }
        let mut left = self.left() + takes;
        let fits = |place: &usize| {
            left -= self.takes[*place];
            left >= 0
        };
        (above..self.takes.len()).take_while(fits).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_not_fit_whole_is_below_the_line() {
        let stack = Stack::new(Some(600), [360, 180, 120, 60]);

        assert_eq!(stack.above(), 2);
        assert_eq!(stack.left(), 60);
        assert_eq!((stack.sum(), stack.below()), (720, 180));
    }

    #[test]
    fn without_a_room_there_is_no_line() {
        let stack = Stack::new(None, [360, 180]);

        assert_eq!(stack.above(), 2);
        assert!(stack.displaces(0).is_empty());
    }

    #[test]
    fn a_deal_above_keeps_others_below_and_one_below_would_take_their_place() {
        let stack = Stack::new(Some(600), [360, 180, 120, 240]);

        assert_eq!(stack.displaces(0), [2, 3], "360 and the 60 left hold both");
        assert_eq!(stack.displaces(1), [2], "240 hold one of them");
        assert_eq!(stack.displaces(2), [1], "60 left and the 180 of the last");
        assert_eq!(stack.displaces(3), [1]);
    }

    #[test]
    fn a_deal_larger_than_the_week_displaces_nothing() {
        let stack = Stack::new(Some(60), [30, 600]);

        assert!(stack.displaces(1).is_empty());
    }

    #[test]
    fn more_own_time_than_hours_leaves_no_room() {
        let stack = Stack::new(Some(-60), [0, 30]);

        assert_eq!((stack.above(), stack.left()), (1, 0));
    }

    proptest! {
        #[test]
        fn what_is_above_fits_and_one_more_does_not(
            room in 0_i64..3_000,
            takes in prop::collection::vec(0_i64..900, 0..30),
        ) {
            let stack = Stack::new(Some(room), takes.clone());
            let above = stack.above();
            prop_assert!(takes[..above].iter().sum::<i64>() <= room);
            if above < takes.len() {
                prop_assert!(takes[..=above].iter().sum::<i64>() > room);
            }
            for at in 0..takes.len() {
                let others = stack.displaces(at);
                prop_assert!(others.iter().all(|other| (*other < above) != (at < above)));
            }
        }
    }
}
